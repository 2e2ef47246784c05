import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@apollo/composition';
import { execute, parse, validate, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { UnreadAnswer } from '@shop/platform/graphql-answer';
import { createGraphEngine, type GraphEngine, type GraphEngineOptions } from '../../src/engine/graph-engine.js';
import type { JsonObject } from '../../src/engine/json.js';
import type { SubgraphAnswer, SubgraphFetcher, SubgraphRequest } from '../../src/engine/subgraph-fetcher.js';

/** By type, then field; `__resolveReference` and `__resolveType` as in any subgraph. What has no resolver is a property of its object. */
export type Resolvers = Record<string, Record<string, unknown>>;

export interface TestSubgraph {
  sdl: string;
  resolvers: Resolvers;
}

export interface Served extends AsyncDisposable {
  supergraphSdl: string;
  engine: GraphEngine<string>;
  /** Answers an operation; `context` is what override labels are decided by. The operation is validated first. */
  ask(text: string, variables?: JsonObject, context?: string): Promise<ExecutionResult>;
  /** The same for a client that takes parts later: everything that it gets, in order. */
  follow(text: string, variables?: JsonObject): Promise<object[]>;
  /** Every request that a subgraph got, first the first. */
  asked: (SubgraphRequest & { subgraph: string })[];
}

export interface ServedOptions extends Partial<Omit<GraphEngineOptions<string>, 'supergraphSdl' | 'fetchers'>> {
  /** Subgraphs answer texts, as over a network. What each would answer becomes what it does answer. */
  asText?(text: string, subgraph: string): string;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@external", "@requires",
  "@provides", "@override", "@inaccessible", "@interfaceObject", "@context", "@fromContext", "@tag", "@cost", "@listSize", "@cacheTag"])`;

/**
 * An engine before subgraphs that are executed by graphql-js with reference resolvers, each request validated as a strict server does.
 * Throws when the subgraphs do not compose.
 */
export function served(subgraphs: Readonly<Record<string, TestSubgraph>>, { asText, ...options }: ServedOptions = {}): Served {
  const supergraphSdl = composedSdl(subgraphs);
  const asked: Served['asked'] = [];
  const fetchers = new Map(
    Object.entries(subgraphs).map(([name, { sdl, resolvers }]): [string, SubgraphFetcher<string>] => {
      const schema = subgraphSchema(sdl, resolvers);
      return [
        name,
        {
          execute: async (request) => {
            const received = JSON.parse(JSON.stringify(request)) as SubgraphRequest;
            asked.push({ ...received, subgraph: name });
            const answer = await answered(schema, received);
            return asText ? new UnreadAnswer(asText(JSON.stringify(answer), name)) : answer;
          },
          subscribe: async () => ({ data: null }),
        },
      ];
    }),
  );
  const engine = createGraphEngine<string>({ supergraphSdl, fetchers, ...options });
  const valid = (text: string, variables: JsonObject) => {
    const document = parse(text);
    const faults = validate(engine.apiSchema, document);
    if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('\n'));
    return { document, operationName: undefined, variables };
  };
  return {
    supergraphSdl,
    engine,
    asked,
    ask: async (text, variables = {}, context = '') => engine.execute(valid(text, variables), context, new AbortController().signal),
    follow: async (text, variables = {}) => {
      const answer = await engine.executeIncrementally(valid(text, variables), '', new AbortController().signal);
      const results: object[] = [answer.result];
      if (answer.kind === 'begun') for await (const result of answer.subsequent) results.push(result);
      return results;
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

export function composedSdl(subgraphs: Readonly<Record<string, Pick<TestSubgraph, 'sdl'>>>): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(subgraphs).map(([name, { sdl }]) => ({ name, url: 'http://unused.internal', typeDefs: parse(`${link}\n${sdl}`) })),
  );
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

function subgraphSchema(sdl: string, resolvers: Resolvers): GraphQLSchema {
  type Modules = Parameters<typeof buildSubgraphSchema>[0];
  return buildSubgraphSchema([{ typeDefs: parse(`${link}\n${sdl}`), resolvers }] as Modules);
}

async function answered(schema: GraphQLSchema, { query, variables, operationName }: SubgraphRequest): Promise<SubgraphAnswer> {
  const document = parse(query);
  const faults = validate(schema, document);
  const result =
    faults.length > 0
      ? { errors: faults }
      : await execute({ schema, document, variableValues: variables, operationName: operationName ?? null });
  return JSON.parse(JSON.stringify(result)) as SubgraphAnswer;
}
