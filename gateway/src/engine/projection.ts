import {
  getNullableType,
  GraphQLError,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  Kind,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLLeafType,
  type GraphQLOutputType,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type OperationParts } from './collect-fields.js';
import { coverage, type Fault } from './faults.js';
import { isObject, own, put, type JsonObject } from './json.js';
import { leafCheck } from './leaf.js';

/**
 * Cuts the response that a client asked for out of what subgraphs answered: its fields in its order, values checked, nulls propagated by
 * the GraphQL specification. A null that is not allowed and that no fault explains becomes an error of its own, appended to `errors`.
 */
export type Projection = (data: JsonObject, faults: readonly Fault[], errors: GraphQLError[]) => JsonObject | null;

/** A null that must not stay where it is, with its error on record. */
const FAILED = Symbol('failed');

interface Completion {
  path: (string | number)[];
  isCovered(path: readonly (string | number)[]): boolean;
  errors: GraphQLError[];
}

/** `depth` is the length of the path to the value. Null or a value, or FAILED. */
type Complete = (value: unknown, depth: number, completion: Completion) => unknown;

interface Field {
  name: string;
  /** Its name in the data. */
  key: string;
  /** Whether key and name can be read and written as they are: no object has them without being given them. */
  isPlain: boolean;
  /** Of a leaf: what needs nothing but this is shown as it is. */
  isLeaf: ((value: unknown) => boolean) | null;
  complete: Complete;
}

/** `introspected` are the response names that already lie in the data as clients may see them. */
export function compileProjection(
  parts: OperationParts,
  rootType: GraphQLCompositeType,
  selectionSet: SelectionSetNode,
  introspected: ReadonlySet<string>,
): Projection {
  const fields = compileFields(parts, rootType, [selectionSet], introspected);
  return (data, faults, errors) => {
    let isCovered: ReturnType<typeof coverage> | undefined;
    const completion = { path: [], errors, isCovered: (path: (string | number)[]) => (isCovered ??= coverage(faults))(path) };
    const completed = completeFields(fields, data, 0, completion);
    return completed === FAILED ? null : completed;
  };
}

/** Cuts a part of a response out of one object of the data. The path to the object is for errors. */
export type PartProjection = (
  object: JsonObject,
  path: readonly (string | number)[],
  faults: readonly Fault[],
  errors: GraphQLError[],
) => JsonObject | null;

/** The part that these selections on `type` are. */
export function compilePartProjection(parts: OperationParts, type: GraphQLCompositeType, selectionSet: SelectionSetNode): PartProjection {
  const part: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: type.name }, selectionSet };
  const complete = composite(parts, type, [part], type.name);
  return (object, path, faults, errors) => {
    const completion = { path: [...path], errors, isCovered: coverage(faults) };
    const completed = complete(object, path.length, completion);
    return isObject(completed) ? completed : null;
  };
}

function completeFields(fields: readonly Field[], source: JsonObject, depth: number, completion: Completion): JsonObject | typeof FAILED {
  const target: JsonObject = {};
  for (const { name, key, isPlain, isLeaf, complete } of fields) {
    const given = isPlain ? source[key] : own(source, key);
    if (isPlain && isLeaf && given !== null && given !== undefined && isLeaf(given)) {
      target[name] = given;
      continue;
    }
    completion.path[depth] = name;
    const value = complete(given, depth + 1, completion);
    if (value === FAILED) return FAILED;
    if (isPlain) target[name] = value;
    else put(target, name, value);
  }
  return target;
}

function compileFields(
  parts: OperationParts,
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
  ready: ReadonlySet<string> = new Set(),
): Field[] {
  return [...collectFields(parts, type, selectionSets)].map(([name, nodes]) => {
    const [node] = nodes;
    const key = node && !ready.has(name) ? parts.keyOf(node) : name;
    const isPlain = !(name in Object.prototype) && !(key in Object.prototype);
    return { name, key, isPlain, ...(ready.has(name) ? { isLeaf: null, complete: asItIs } : compileField(parts, type, nodes)) };
  });
}

const asItIs: Complete = (value) => value ?? null;

function compileField(
  parts: OperationParts,
  parent: GraphQLCompositeType,
  nodes: readonly FieldNode[],
): Pick<Field, 'isLeaf' | 'complete'> {
  const name = nodes[0]?.name.value ?? '';
  if (name === '__typename') return { isLeaf: null, complete: typeName(parent) };
  const field = isUnionType(parent) ? undefined : parent.getFields()[name];
  if (!field) throw new Error(`There is no field ${parent.name}.${name}.`);
  const allowed = parts.denied.size > 0 ? nodes.filter((node) => !parts.denied.has(node)) : nodes;
  if (allowed.length === 0) return { isLeaf: null, complete: deniedField(parts, field.type, nodes) };
  const type = getNullableType(field.type);
  return { isLeaf: isLeafType(type) ? leafCheck(type) : null, complete: compileType(parts, field.type, allowed, `${parent.name}.${name}`) };
}

/** Null with its error, whatever the data hold: a subgraph may have been asked for the same field as a key. */
function deniedField({ denied }: OperationParts, type: GraphQLOutputType, [node]: readonly FieldNode[]): Complete {
  const { message, code } = (node && denied.get(node)) ?? { message: 'Not authorized.', code: 'UNAUTHORIZED_FIELD_OR_TYPE' };
  return (_, depth, { path, errors }) => {
    errors.push(new GraphQLError(message, { path: path.slice(0, depth), extensions: { code } }));
    return isNonNullType(type) ? FAILED : null;
  };
}

/** An abstract type stands here only when no subgraph has said more. */
function typeName(type: GraphQLCompositeType): Complete {
  if (isObjectType(type)) return () => type.name;
  return (_, depth, completion) => fail(completion, depth, `The type of this ${type.name} is not known.`);
}

function compileType(parts: OperationParts, type: GraphQLOutputType, nodes: readonly FieldNode[], coordinate: string): Complete {
  if (isNonNullType(type)) {
    const complete = compileNullable(parts, type.ofType, nodes, coordinate);
    return (value, depth, completion) =>
      complete(value, depth, completion) ?? fail(completion, depth, `Cannot return null for non-nullable field ${coordinate}.`);
  }
  const complete = compileNullable(parts, type, nodes, coordinate);
  return (value, depth, completion) => {
    const completed = complete(value, depth, completion);
    return completed === FAILED ? null : completed;
  };
}

function compileNullable(parts: OperationParts, type: GraphQLOutputType, nodes: readonly FieldNode[], coordinate: string): Complete {
  if (isListType(type)) return list(compileType(parts, type.ofType, nodes, coordinate), coordinate);
  if (isLeafType(type)) return leaf(type, coordinate);
  if (isCompositeType(type)) return composite(parts, type, nodes, coordinate);
  throw new Error(`${coordinate} has no output type.`);
}

function list(complete: Complete, coordinate: string): Complete {
  return (value, depth, completion) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) return fail(completion, depth, `Expected a list for ${coordinate}.`);
    const target: unknown[] = [];
    for (let i = 0; i < value.length; i++) {
      completion.path[depth] = i;
      const completed = complete(value[i], depth + 1, completion);
      if (completed === FAILED) return FAILED;
      target.push(completed);
    }
    return target;
  };
}

function leaf(type: GraphQLLeafType, coordinate: string): Complete {
  const isValid = leafCheck(type);
  return (value, depth, completion) => {
    if (value === null || value === undefined) return null;
    return isValid(value) ? value : fail(completion, depth, `${coordinate} holds a value that is no ${type.name}.`);
  };
}

/** The fields of each possible type are compiled when it is first met. */
function composite(parts: OperationParts, type: GraphQLCompositeType, nodes: readonly FieldNode[], coordinate: string): Complete {
  const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const known = new Map<string, readonly Field[] | null>();
  const fieldsOf = (name: string): readonly Field[] | null => {
    const runtimeType = runtimeTypeOf(parts, type, name);
    const fields = runtimeType && compileFields(parts, runtimeType, selectionSets);
    if (runtimeType || known.size < 100) known.set(name, fields);
    return fields;
  };
  return (value, depth, completion) => {
    if (value === null || value === undefined) return null;
    if (!isObject(value)) return fail(completion, depth, `Expected an object for ${coordinate}.`);
    const given = value['__typename'];
    const name = typeof given === 'string' ? given : type.name;
    const fields = known.get(name) ?? fieldsOf(name);
    if (!fields) return fail(completion, depth, `${coordinate} holds an object that is no ${type.name}.`);
    return completeFields(fields, value, depth, completion);
  };
}

/** Null when clients do not know the type, or it cannot be here. An interface's name is what a subgraph says that knows it as an object. */
function runtimeTypeOf({ schema }: OperationParts, declared: GraphQLCompositeType, name: string): GraphQLCompositeType | null {
  if (name === declared.name) return declared;
  const given = schema.getType(name);
  if (isObjectType(declared)) return isInterfaceType(given) && schema.isSubType(given, declared) ? declared : null;
  return (isObjectType(given) || isInterfaceType(given)) && schema.isSubType(declared, given) ? given : null;
}

function fail(completion: Completion, depth: number, message: string): typeof FAILED {
  const path = completion.path.slice(0, depth);
  if (!completion.isCovered(path)) completion.errors.push(new GraphQLError(message, { path, extensions: { code: 'INVALID_GRAPHQL' } }));
  return FAILED;
}
