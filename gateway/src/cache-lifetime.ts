import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from './engine/fragments.js';

/** For how many seconds everybody may keep the answer to an operation; 0: nobody may. Remembered for each operation. */
export type CacheLifetime = (document: DocumentNode, operation: OperationDefinitionNode) => number;

/**
 * The least of what `@cacheControl` says of the fields that an operation selects. Every field has to say something: one without a word, or
 * for its viewer alone, makes the whole answer nobody's to keep. Only fields of values, which have no key and come with what they belong to, take
 * its word.
 */
export function cacheLifetime(schema: GraphQLSchema, supergraphSdl: string): CacheLifetime {
  const hints = readHints(supergraphSdl);
  const remembered = new WeakMap<OperationDefinitionNode, number>();
  return (document, operation) => {
    const known = remembered.get(operation);
    if (known !== undefined) return known;
    const seconds = operation.operation === 'query' ? walk(document, operation, schema, hints) : 0;
    remembered.set(operation, seconds);
    return seconds;
  };
}

interface Hints {
  /** Seconds by `Type.field`; 0 where the answer is for its viewer alone. */
  ofField: ReadonlyMap<string, number>;
  /** Types with a key, and the roots: several subgraphs may answer fields of them. */
  shared: ReadonlySet<string>;
}

function walk(document: DocumentNode, operation: OperationDefinitionNode, schema: GraphQLSchema, hints: Hints): number {
  const fragments = fragmentsOf(document);
  const root = schema.getRootType(operation.operation);
  /** `above` is what a value takes from the field that it is in. */
  const ofSet = ({ selections }: SelectionSetNode, parent: GraphQLCompositeType, above: number): number => {
    let least = Infinity;
    for (const selection of selections) {
      if (least === 0) return 0;
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value === '__typename') continue;
        const own = hintOf(selection.name.value, parent, above);
        const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[selection.name.value] : undefined;
        const type = field && getNamedType(field.type);
        const below = type && isCompositeType(type) && selection.selectionSet ? ofSet(selection.selectionSet, type, own) : Infinity;
        least = Math.min(least, own, below);
      } else {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        const condition = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : parent;
        least = Math.min(least, fragment && isCompositeType(condition) ? ofSet(fragment.selectionSet, condition, above) : 0);
      }
    }
    return least;
  };
  const hintOf = (field: string, parent: GraphQLCompositeType, above: number): number => {
    const types = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
    return Math.min(...types.map(({ name }) => hints.ofField.get(`${name}.${field}`) ?? (hints.shared.has(name) ? 0 : above)));
  };
  const seconds = root ? ofSet(operation.selectionSet, root, 0) : 0;
  return Number.isFinite(seconds) ? seconds : 0;
}

function readHints(supergraphSdl: string): Hints {
  const ofField = new Map<string, number>();
  const shared = new Set<string>(['Query', 'Mutation', 'Subscription']);
  for (const type of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    if (type.directives?.some((each) => each.name.value === 'join__type' && argumentsOf(each)['key'] !== undefined))
      shared.add(type.name.value);
    for (const field of type.fields ?? []) {
      const hint = field.directives?.find(({ name }) => name.value === 'cacheControl');
      if (hint) ofField.set(`${type.name.value}.${field.name.value}`, secondsOf(argumentsOf(hint)));
    }
  }
  return { ofField, shared };
}

function secondsOf({ maxAge, scope }: Record<string, unknown>): number {
  return scope !== 'PRIVATE' && typeof maxAge === 'number' ? Math.max(0, maxAge) : 0;
}

function argumentsOf(directive: ConstDirectiveNode): Record<string, unknown> {
  return Object.fromEntries((directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
}
