import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { isRecord } from '@shop/platform/is-record';
import type { CostTable, ListSize } from './cost-table.js';
import { fragmentsOf, type Fragments } from '../engine/fragments.js';
import { once, saturated } from './operation-shape.js';

export type Variables = Readonly<Record<string, unknown>>;

/** Points of an operation with these variables, which need not have been checked. Never rejects and never throws. */
export type OperationCost = (document: DocumentNode, operation: OperationDefinitionNode, variables: Variables) => number;

/** Entries of a list of which nobody said how long it is. */
const ASSUMED_SIZE = 20;

const MUTATION = 10;

/** A question for the schema: bounded by rules of its own, and answered from memory. */
const INTROSPECTION = 500;

/** Arguments that say how many entries are wanted, where no `@listSize` says which do, and the lists of a connection that they are about. */
const conventionalSlices = ['first', 'last', 'limit'];
const conventionalLists = ['nodes', 'edges'];

/** How many costs are remembered of one operation, each for other sizes of its pages. */
const REMEMBERED = 100;

/**
 * Estimates by the cost directives' specification, before anything runs: an object costs 1 and a leaf 0 where `@cost` says nothing else; a
 * list multiplies what is below it by its slicing argument, its assumed size, or 20; a mutation is 10 more. Fragments count wherever they
 * are spread, and so does what `@skip` or `@include` may leave out. Of several type conditions all are added up.
 */
export function operationCost(schema: GraphQLSchema, table: CostTable): OperationCost {
  const remembered = new WeakMap<OperationDefinitionNode, { names: readonly string[]; costs: Map<string, number> }>();
  return (document, operation, variables) => {
    const known = remembered.get(operation);
    const given = (name: string) => variableOf(operation, variables, name);
    const keyOf = (names: readonly string[]) => names.map((name) => JSON.stringify(given(name)) ?? '').join();
    const found = known?.costs.get(keyOf(known.names));
    if (found !== undefined) return found;
    const estimate = new Estimate(schema, table, fragmentsOf(document), given);
    const cost = estimate.ofOperation(operation);
    const { names, costs } = known ?? { names: [...estimate.read], costs: new Map<string, number>() };
    if (costs.size >= REMEMBERED) costs.clear();
    costs.set(keyOf(names), cost);
    remembered.set(operation, { names, costs });
    return cost;
  };
}

function variableOf({ variableDefinitions = [] }: OperationDefinitionNode, variables: Variables, name: string): unknown {
  if (Object.hasOwn(variables, name)) return variables[name];
  const fallback = variableDefinitions.find(({ variable }) => variable.name.value === name)?.defaultValue;
  return fallback ? valueOf(fallback, () => undefined) : undefined;
}

/** What the field above said of the lists in the object that it returns. */
interface Sized {
  size: number;
  fields: readonly string[];
}

/** One walk over an operation; each fragment is walked once for each size that it may be spread under. */
class Estimate {
  /** The variables that the cost depends on. */
  readonly read = new Set<string>();
  readonly #measured = new Map<string, number>();
  readonly #schema: GraphQLSchema;
  readonly #table: CostTable;
  readonly #fragments: Fragments;
  readonly #given: (name: string) => unknown;

  constructor(schema: GraphQLSchema, table: CostTable, fragments: Fragments, given: (name: string) => unknown) {
    this.#schema = schema;
    this.#table = table;
    this.#fragments = fragments;
    this.#given = (name) => {
      this.read.add(name);
      return given(name);
    };
  }

  ofOperation({ operation, selectionSet }: OperationDefinitionNode): number {
    const root = this.#schema.getRootType(operation);
    if (!root) return 0;
    return saturated(this.#ofSet(selectionSet, root, null) + (operation === 'mutation' ? MUTATION : 0));
  }

  #ofSet({ selections }: SelectionSetNode, parent: GraphQLCompositeType, sized: Sized | null): number {
    let total = 0;
    for (const selection of selections) {
      const cost =
        selection.kind === Kind.FIELD
          ? this.#ofField(selection, parent, sized)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? this.#ofSet(selection.selectionSet, this.#narrowed(parent, selection.typeCondition?.name.value), sized)
            : this.#ofFragment(selection.name.value, parent, sized);
      total = saturated(total + cost);
    }
    return total;
  }

  #ofFragment(name: string, parent: GraphQLCompositeType, sized: Sized | null): number {
    const key = sized ? `${name} ${sized.size} ${sized.fields.join(' ')}` : name;
    return once(
      this.#measured,
      this.#fragments.get(name),
      ({ selectionSet, typeCondition }) => this.#ofSet(selectionSet, this.#narrowed(parent, typeCondition.name.value), sized),
      key,
    );
  }

  #narrowed(parent: GraphQLCompositeType, condition: string | undefined): GraphQLCompositeType {
    const type = condition === undefined ? parent : this.#schema.getType(condition);
    return isCompositeType(type) ? type : parent;
  }

  #ofField(node: FieldNode, parent: GraphQLCompositeType, above: Sized | null): number {
    const name = node.name.value;
    if (name === '__schema' || name === '__type') return INTROSPECTION;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (!field) return 0;
    const type = getNamedType(field.type);
    const isList = isListType(getNullableType(field.type));
    const slice = this.#sliceOf(field, node, parent, isList);
    const times = isList ? (above?.fields.includes(name) ? above.size : slice.size) : 1;
    const below =
      node.selectionSet && isCompositeType(type) ? this.#ofSet(node.selectionSet, type, slice.fields.length > 0 ? slice : null) : 0;
    const weight =
      this.#weightOf(parent, `.${name}`) ??
      (isCompositeType(type) ? (this.#weightOf(type, '') ?? 1) : (this.#table.weights.get(type.name) ?? 0));
    return saturated(times * saturated(weight + below) + this.#ofArguments(node, parent));
  }

  #ofArguments({ name, arguments: given = [] }: FieldNode, parent: GraphQLCompositeType): number {
    if (this.#table.weights.size === 0) return 0;
    return given.reduce((total, argument) => total + (this.#weightOf(parent, `.${name.value}(${argument.name.value}:)`) ?? 0), 0);
  }

  /** The largest of what an abstract type and its possible types say. */
  #weightOf(type: GraphQLCompositeType, rest: string): number | undefined {
    const { weights } = this.#table;
    if (weights.size === 0) return undefined;
    const all = isAbstractType(type) ? [type, ...this.#schema.getPossibleTypes(type)] : [type];
    const said = all.flatMap(({ name }) => weights.get(`${name}${rest}`) ?? []);
    return said.length > 0 ? Math.max(...said) : undefined;
  }

  #sliceOf(field: GraphQLField<unknown, unknown>, node: FieldNode, parent: GraphQLCompositeType, isList: boolean): Sized {
    const said = this.#listSizeOf(parent, field.name);
    const names = said ? said.slicingArguments : conventionalSlices;
    const asked = names.flatMap((path) => this.#sizeIn(field, node, path) ?? []);
    const size = asked.length > 0 ? Math.max(...asked) : (said?.assumedSize ?? ASSUMED_SIZE);
    if (said) return { size, fields: said.sizedFields };
    return { size, fields: !isList && asked.length > 0 ? conventionalLists : [] };
  }

  #listSizeOf(parent: GraphQLCompositeType, field: string): ListSize | undefined {
    const own = this.#table.listSizes.get(`${parent.name}.${field}`);
    if (own || !isAbstractType(parent)) return own;
    return this.#schema.getPossibleTypes(parent).flatMap(({ name }) => this.#table.listSizes.get(`${name}.${field}`) ?? [])[0];
  }

  /** The size that an argument asks for, at least 1; undefined when there is no such argument, or it says nothing. */
  #sizeIn(field: GraphQLField<unknown, unknown>, { arguments: given = [] }: FieldNode, path: string): number | undefined {
    const [name = '', ...inside] = path.split('.');
    const definition = field.args.find((each) => each.name === name);
    if (!definition) return undefined;
    const argument = given.find((each) => each.name.value === name);
    const whole = argument ? (valueOf(argument.value, this.#given) ?? definition.defaultValue) : definition.defaultValue;
    const size = inside.reduce<unknown>((value, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined), whole);
    return typeof size === 'number' && Number.isFinite(size) ? Math.max(1, size) : undefined;
  }
}

/** A literal's numbers and input objects, with variables filled in; anything else says nothing of sizes. */
function valueOf(node: ValueNode, given: (name: string) => unknown): unknown {
  if (node.kind === Kind.VARIABLE) return given(node.name.value) ?? undefined;
  if (node.kind === Kind.INT) return Number(node.value);
  if (node.kind === Kind.OBJECT) return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, valueOf(value, given)]));
  return undefined;
}
