import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  execute,
  getNamedType,
  getNullableType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isUnionType,
  parse,
  print,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { isObject, own, type JsonObject } from '../../src/engine/json.js';
import type { SubgraphAnswer, SubgraphRequest } from '../../src/engine/subgraph-fetcher.js';
import { hash } from './seeded.js';

/** How often things go wrong in somebody else's subgraph. */
export interface Mood {
  seed: string;
  nullEvery: number;
  errorEvery: number;
  /** All things of a type are equal, by whatever way one comes to them. */
  isUniform?: boolean;
}

/** A thing of a foreign subgraph: what it is follows from its identity, so the same question always has the same answer. */
interface Thing {
  identity: string;
  type: string;
  /** What came with a representation. */
  given: JsonObject;
}

export type FakeSubgraph = (request: SubgraphRequest, mood: Mood) => SubgraphAnswer;

/** How many different things of an entity type there are: few, so that lists hold the same one more than once. */
const DIFFERENT = 4;

/** A subgraph that answers every valid request of its schema: each value follows from seed, object, field and arguments. */
export function fakeSubgraph(sdl: string): FakeSubgraph {
  const document = parse(sdl);
  const schema = buildSubgraphSchema([{ typeDefs: document }]);
  const entities = schema.getQueryType()?.getFields()['_entities'];
  if (entities) delete entities.resolve;
  const union = schema.getType('_Entity');
  if (isUnionType(union)) delete union.resolveType;
  const keys = keyFields(document);
  const texts = new Map<string, DocumentNode>();
  return ({ query, variables, operationName }, mood) => {
    const text = texts.get(query) ?? parse(query);
    texts.set(query, text);
    const result = execute({
      schema,
      document: text,
      variableValues: variables,
      operationName: operationName ?? null,
      rootValue: { identity: 'root', type: 'root', given: {} } satisfies Thing,
      fieldResolver: fieldResolver(schema, keys, mood),
      typeResolver: (value) => (isThing(value) ? value.type : undefined),
    });
    if (result instanceof Promise) throw new Error('Nothing here is asynchronous');
    return JSON.parse(JSON.stringify(result)) as SubgraphAnswer;
  };
}

function fieldResolver(
  schema: GraphQLSchema,
  keys: ReadonlySet<string>,
  { seed, nullEvery, errorEvery, isUniform = false }: Mood,
): GraphQLFieldResolver<unknown, unknown> {
  return (source, args: JsonObject, _, { fieldName, parentType, returnType }) => {
    if (!isThing(source)) throw new Error(`${parentType.name}.${fieldName} has no source`);
    if (fieldName === '_entities') return asList(args['representations']).map((each) => uniform(referred(schema, each, nullEvery, seed)));
    const given = own(source.given, fieldName);
    if (given !== undefined) return uniform(asGiven(schema, given, returnType));
    const at = `${seed}|${source.identity}|${fieldName}|${Object.keys(args).length > 0 ? JSON.stringify(args) : ''}`;
    const isKey = keys.has(`${parentType.name}.${fieldName}`);
    if (!isKey && errorEvery > 0 && hash(`${at}|error`) % errorEvery === 0) throw new Error(`${parentType.name}.${fieldName} is broken`);
    return uniform(invent(schema, returnType, at, isKey ? 0 : nullEvery));
  };
  function uniform(value: unknown): unknown {
    if (!isUniform) return value;
    if (Array.isArray(value)) return value.map(uniform);
    return isThing(value) ? { ...value, identity: value.type } : value;
  }
}

function invent(schema: GraphQLSchema, type: GraphQLOutputType, at: string, nullEvery: number): unknown {
  // Seldom null where that is not allowed, too.
  const every = isNonNullType(type) ? nullEvery * 12 : nullEvery;
  if (every > 0 && hash(`${at}|null`) % every === 0) return null;
  const nullable = getNullableType(type);
  if (isListType(nullable))
    return Array.from({ length: hash(`${at}|length`) % 4 }, (_, i) => invent(schema, nullable.ofType, `${at}/${i}`, nullEvery));
  if (isLeafType(nullable)) return leaf(nullable, hash(at));
  const name = concrete(schema, nullable.toString(), at);
  return { identity: `${name}#${hash(at) % DIFFERENT}`, type: name, given: {} } satisfies Thing;
}

function leaf(type: GraphQLLeafType, n: number): unknown {
  if (isEnumType(type)) return type.getValues()[n % type.getValues().length]?.value;
  switch (type.name) {
    case 'Int':
      // Never 0: Apollo's executor does not give a key back its name then.
      return 1 + (n % 9);
    case 'Float':
      return (n % 100) / 4;
    case 'Boolean':
      return n % 2 === 0;
    case 'ID':
      return `id-${n % 5}`;
    default:
      return `text ${n % 50}`;
  }
}

/** The thing that a representation means; null when this subgraph does not have it. */
function referred(schema: GraphQLSchema, representation: unknown, nullEvery: number, seed: string): Thing | null {
  if (!isObject(representation)) throw new Error('A representation is an object');
  const { __typename: name, ...given } = representation;
  const identity = `${String(name)}:${JSON.stringify(given)}`;
  if (nullEvery > 0 && hash(`${seed}|${identity}|gone`) % (nullEvery * 2) === 0) return null;
  return { identity, type: concrete(schema, String(name), identity), given };
}

function asGiven(schema: GraphQLSchema, value: unknown, type: GraphQLOutputType): unknown {
  if (Array.isArray(value)) return value.map((element) => asGiven(schema, element, type));
  if (!isObject(value)) return value;
  const { __typename: name = getNamedType(type).name, ...given } = value;
  return { identity: `given:${JSON.stringify(value)}`, type: concrete(schema, String(name), JSON.stringify(value)), given } satisfies Thing;
}

function concrete(schema: GraphQLSchema, name: string, at: string): string {
  const type = schema.getType(name);
  if (!type || !('resolveType' in type)) return name;
  const possible = schema.getPossibleTypes(type);
  return possible[hash(`${at}|type`) % possible.length]?.name ?? name;
}

function isThing(value: unknown): value is Thing {
  return isObject(value) && typeof value['identity'] === 'string' && typeof value['type'] === 'string';
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `Type.field` of everything that stands in a `@key`. */
function keyFields(document: DocumentNode): ReadonlySet<string> {
  return new Set(
    document.definitions.flatMap((definition) => {
      if (!('directives' in definition) || !('name' in definition)) return [];
      const keys = definition.directives?.filter(({ name }) => name.value === 'key') ?? [];
      return keys.flatMap((key) => [...print(key).matchAll(/\w+/g)].map(([word]) => `${definition.name?.value}.${word}`));
    }),
  );
}
