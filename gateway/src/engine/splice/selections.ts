import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  getNamedType,
  isAbstractType,
  isObjectType,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type OperationParts } from '../collect-fields.js';
import type { TypeConditions } from '../type-conditions.js';

/** A fetch of a plan, as far as it decides what is answered. */
export interface SplicedFetch {
  /** Its number among those of the plan. */
  index: number;
  /** The response names that lead to the objects that it is for. */
  path: readonly string[];
  selectionSet: SelectionSetNode;
  fragments: OperationParts['fragments'];
  requires: readonly QueryPlanSelectionNode[];
}

export interface LayoutParts {
  /** The operation as clients see it. */
  client: OperationParts;
  /** The full supergraph: what subgraphs are asked for is not always for clients. */
  schema: GraphQLSchema;
  /** In the order in which their answers are merged. */
  fetches: readonly SplicedFetch[];
  conditions: TypeConditions;
  /** To be called for each object that is worked out; throws NotSpliceable when they are too many. */
  spend(): void;
}

/** What cannot be put together of texts. */
export class NotSpliceable extends Error {}

/** What a fetch says of an object: by its own selections, or as a part of something further up. */
export interface Contribution {
  fetch: SplicedFetch;
  selectionSets: readonly SelectionSetNode[];
}

/** What contributions say of an object, by response name. */
export type Given = ReadonlyMap<Contribution, ReadonlyMap<string, readonly FieldNode[]>>;

/** A value of the response: what clients want of it, where it lies, and what says that it is there. */
export interface Below {
  selectionSets: readonly SelectionSetNode[];
  path: readonly string[];
  origin: Contribution;
}

/** In the order in which a subgraph answers them (GraphQL specification, CollectFields). */
export function givenFields(
  { client, schema }: LayoutParts,
  typeName: string,
  { fetch, selectionSets }: Contribution,
): Map<string, FieldNode[]> {
  return collectFields({ ...client, schema, fragments: fetch.fragments }, objectTypeOf(schema, typeName), selectionSets);
}

export function objectTypeOf(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new NotSpliceable(`${name} is no object type.`);
  return type;
}

/** Of an abstract type with very many objects each would want patterns of its own. */
const MOST_TYPES = 20;

export function possibleTypes(schema: GraphQLSchema, type: GraphQLOutputType): readonly GraphQLObjectType[] {
  const named = getNamedType(type);
  if (isObjectType(named)) return [named];
  const possible = isAbstractType(named) ? schema.getPossibleTypes(named) : [];
  if (possible.length === 0 || possible.length > MOST_TYPES) throw new NotSpliceable(`${named.name} has too many types.`);
  return possible;
}

/** Whether a fetch adds to what lies there, or to something in it. */
export function isAddedTo({ fetches }: Pick<LayoutParts, 'fetches'>, path: readonly string[]): boolean {
  return fetches.some((fetch) => isSamePath(fetch.path.slice(0, path.length), path));
}

/** What the field is called that tells the type of an object before all others. */
export function typeNameIn(parts: LayoutParts, types: readonly GraphQLObjectType[], { origin, path }: Below): string {
  const names = types.map((type) => {
    const [first] = givenFields(parts, type.name, origin);
    return first && isTypeName(first[1]) ? first[0] : null;
  });
  const [name, another] = new Set(names);
  if (typeof name !== 'string' || another !== undefined) throw new NotSpliceable(`The type of ${path.join('.')} is not told first.`);
  return name;
}

export function isTypeName([node]: readonly FieldNode[]): boolean {
  return node?.name.value === '__typename';
}

export function selectionSetsOf(nodes: readonly FieldNode[]): SelectionSetNode[] {
  return nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
}

export function isSamePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
