import 'reflect-metadata';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { getDocumentNodeFromSchema } from '@graphql-tools/utils';
import {
  type GraphQLObjectType,
  isEnumType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  Kind,
  parse,
  print,
  visit,
} from 'graphql';
import type { DocumentNode, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { DateTimeISOResolver } from 'graphql-scalars';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import { withCacheHints } from './cache-hints.js';
import type { ReferenceResolver } from './reference.js';
import type { RequestContext } from './request-context.js';

export interface FederatedSchemaOptions {
  resolvers: NonEmptyArray<new () => object>;
  /** Entities and interface implementations that no resolver reaches. */
  orphanedTypes?: (new () => object)[];
  /** How an entity is found by its key, one for each type that this subgraph answers for. */
  // oxlint-disable-next-line no-explicit-any -- each entry has its own key and context types
  references?: Record<string, ReferenceResolver<any, any>>;
}

export interface FederatedSchema {
  schema: GraphQLSchema;
  /** As composition reads it. */
  sdl: string;
}

/** Federation 2.12 is the newest version that the gateway's planner and the subgraph library both know. */
const FEDERATION_LINK = parse(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [
  "@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@override", "@tag",
  "@authenticated", "@requiresScopes", "@policy", "@cost", "@listSize", "@composeDirective"
])`).definitions;

/**
 * One subgraph's schema from type-graphql classes. Only `resolvers`, what they reach and `orphanedTypes` are in it, whatever else was
 * decorated in this process. Throws when the classes do not make a valid federation schema.
 */
export function buildFederatedSchema({ resolvers, orphanedTypes = [], references = {} }: FederatedSchemaOptions): FederatedSchema {
  const base = buildSchemaSync({
    resolvers,
    orphanedTypes,
    skipCheck: true,
    validate: false,
    scalarsMap: [{ type: Date, scalar: DateTimeISOResolver }],
    pubSub: noTopics,
  });
  const definitions = getDocumentNodeFromSchema(base).definitions.filter(
    (node) => node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.DIRECTIVE_DEFINITION,
  );
  const typeDefs: DocumentNode = { kind: Kind.DOCUMENT, definitions: [...FEDERATION_LINK, ...withCacheHints(definitions)] };
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: resolversOf(base, references) }]);
  return { schema, sdl: `${print(sortedDefinitions(typeDefs))}\n` };
}

/** type-graphql asks for one as soon as there is a subscription; ours name a `subscribe` of their own. */
const noTopics = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error('A subscription needs a `subscribe` of its own.');
  },
};

type ResolverMap = NonNullable<
  Parameters<typeof buildSubgraphSchema>[0] extends (infer M)[] ? (M extends { resolvers?: infer R } ? R : never) : never
>;

function resolversOf(base: GraphQLSchema, references: Record<string, unknown>): ResolverMap {
  const map: Record<string, unknown> = {};
  for (const type of Object.values(base.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isObjectType(type))
      map[type.name] = { ...fieldsOf(type), ...(references[type.name] ? { __resolveReference: references[type.name] } : {}) };
    else if (isUnionType(type) || isInterfaceType(type)) map[type.name] = type.resolveType ? { __resolveType: type.resolveType } : {};
    else if (isEnumType(type)) map[type.name] = Object.fromEntries(type.getValues().map(({ name, value }) => [name, value]));
    else if (isScalarType(type) && !isSpecifiedScalarType(type)) map[type.name] = type;
  }
  return map as ResolverMap;
}

function fieldsOf(type: GraphQLObjectType): Record<string, unknown> {
  const isSubscription = type.name === 'Subscription';
  return Object.fromEntries(
    Object.values(type.getFields())
      .filter((field) => field.resolve ?? field.subscribe)
      .map((field) => [
        field.name,
        isSubscription
          ? { subscribe: field.subscribe, resolve: field.resolve }
          : (field.resolve satisfies GraphQLFieldResolver<unknown, RequestContext> | undefined),
      ]),
  );
}

/** The same text whatever order the classes were loaded in, so that generated files change only when the schema does. */
function sortedDefinitions(document: DocumentNode): DocumentNode {
  const name = (node: DocumentNode['definitions'][number]) => ('name' in node && node.name ? node.name.value : '');
  return visit(
    { ...document, definitions: document.definitions.toSorted((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0)) },
    {},
  );
}
