import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@apollo/composition';
import { execute, getOperationAST, parse, validate, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { UnreadAnswer } from '@shop/platform/graphql-answer';
import { createGraphEngine, type GraphEngine, type GraphEngineOptions, type GraphOperation } from '../../src/engine/graph-engine.js';
import type { JsonObject } from '../../src/engine/json.js';
import type { SubgraphAnswer, SubgraphFetcher, SubgraphRequest } from '../../src/engine/subgraph-fetcher.js';
import { WrittenResult } from '../../src/engine/written-result.js';

/** By type, then field; `__resolveReference` and `__resolveType` as in any subgraph. What has no resolver is a property of its object. */
export type Resolvers = Record<string, Record<string, unknown>>;

export interface TestSubgraph {
  sdl: string;
  resolvers: Resolvers;
}

export interface Served extends AsyncDisposable {
  supergraphSdl: string;
  engine: GraphEngine<string>;
  /**
   * Answers an operation; `context` is what override labels are decided by. The operation is validated first. Queries are asked a second time,
   * of subgraphs that answer texts: throws when what is put together of those is not the same.
   */
  ask(text: string, variables?: JsonObject, context?: string): Promise<ExecutionResult>;
  /** The same for a client that takes parts later: everything that it gets, in order. */
  follow(text: string, variables?: JsonObject): Promise<object[]>;
  /** Every request that a subgraph got, first the first. */
  asked: (SubgraphRequest & { subgraph: string })[];
}

export interface ServedOptions extends Partial<Omit<GraphEngineOptions<string>, 'supergraphSdl' | 'fetchers'>> {
  /** Subgraphs answer nothing but texts, as over a network. What each would answer becomes what it does answer. */
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
  const schemas = Object.entries(subgraphs).map(([name, { sdl, resolvers }]) => [name, subgraphSchema(sdl, resolvers)] as const);
  const fetchersTo = (ask: (name: string, schema: GraphQLSchema, request: SubgraphRequest) => Promise<SubgraphAnswer>) =>
    new Map(
      schemas.map(([name, schema]): [string, SubgraphFetcher<string>] => [
        name,
        {
          execute: (request) => ask(name, schema, JSON.parse(JSON.stringify(request)) as SubgraphRequest),
          subscribe: async () => ({ data: null }),
        },
      ]),
    );
  const fetchers = fetchersTo(async (subgraph, schema, request) => {
    asked.push({ ...request, subgraph });
    const answer = await answered(schema, request);
    return asText ? new UnreadAnswer(asText(JSON.stringify(answer), subgraph)) : answer;
  });
  const engine = createGraphEngine<string>({ supergraphSdl, fetchers, ...options });
  const textFetchers = fetchersTo(async (_, schema, request) => new UnreadAnswer(JSON.stringify(await answered(schema, request))));
  const { planning: _, ...planned } = options;
  const engineOfTexts = createGraphEngine<string>({ supergraphSdl, fetchers: textFetchers, ...planned, splicedAfter: 0 });
  const askInTexts = async (operation: GraphOperation, context: string, result: ExecutionResult): Promise<void> => {
    const [inTexts, inValues] = [await engineOfTexts.execute(operation, context, new AbortController().signal), result].map(textOf);
    if (inTexts !== inValues) throw new Error(`Put together of texts it is another:\n  texts:  ${inTexts}\n  values: ${inValues}`);
  };
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
    ask: async (text, variables = {}, context = '') => {
      const operation = valid(text, variables);
      const result = await engine.execute(operation, context, new AbortController().signal);
      if (!asText && isQuery(operation)) await askInTexts(operation, context, result);
      return result;
    },
    follow: async (text, variables = {}) => {
      const answer = await engine.executeIncrementally(valid(text, variables), '', new AbortController().signal);
      const results: object[] = [answer.result];
      if (answer.kind === 'begun') for await (const result of answer.subsequent) results.push(result);
      return results;
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

function isQuery({ document }: GraphOperation): boolean {
  return getOperationAST(document)?.operation === 'query';
}

function textOf(result: ExecutionResult): string {
  return result instanceof WrittenResult ? result.text : JSON.stringify(result);
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
