import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { prettyFormatQueryPlan, QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import { GraphQLError, isInterfaceType, parse, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { UnreadAnswer } from '@shop/platform/graphql-answer';
import { createGraphEngine, type IncrementalResult } from '../../src/engine/graph-engine.js';
import { isObject, type JsonObject } from '../../src/engine/json.js';
import type { SubgraphAnswer, SubgraphRequest } from '../../src/engine/subgraph-fetcher.js';
import { withoutSecurityDirectives } from '../../src/supergraph.js';
import { fakeSubgraph, type Mood } from './fake-subgraph.js';
import { hash } from './seeded.js';
import type { TestSupergraph } from './supergraphs.js';

export interface BothEngines {
  apiSchema: GraphQLSchema;
  ours(document: DocumentNode, variables: JsonObject, mood: Mood): Promise<ExecutionResult>;
  /** The same, where subgraphs answer texts. */
  oursInTexts(document: DocumentNode, variables: JsonObject, mood: Mood): Promise<ExecutionResult>;
  oursIncrementally(document: DocumentNode, variables: JsonObject, mood: Mood): Promise<IncrementalResult>;
  stock(document: DocumentNode, variables: JsonObject, mood: Mood): Promise<ExecutionResult>;
  plan(document: DocumentNode): QueryPlan;
  explain(text: string): string;
}

const DOWN = 'is down';

/** Our executor and Apollo's on the same supergraph, before the same fake subgraphs. In some moods one of them cannot be reached. */
export function bothEngines({ supergraphSdl: full, subgraphs }: TestSupergraph): BothEngines {
  const supergraphSdl = withoutSecurityDirectives(full);
  const supergraph = Supergraph.build(supergraphSdl);
  const planner = new QueryPlanner(supergraph);
  const api = supergraph.apiSchema();
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
  const answers = new Map(Object.entries(subgraphs).map(([name, sdl]) => [name, fakeSubgraph(sdl)]));
  const ask = (name: string, request: SubgraphRequest, mood: Mood): SubgraphAnswer => {
    if (mood.errorEvery > 0 && hash(`${mood.seed}|${name}`) % 40 === 0) throw new GraphQLError(`${name} ${DOWN}`);
    const answer = answers.get(name);
    if (!answer) throw new Error(`There is no subgraph ${name}`);
    return answer(request, mood);
  };
  const engineOver = (splicedAfter: number, execute: (name: string, request: SubgraphRequest, mood: Mood) => SubgraphAnswer) =>
    createGraphEngine<Mood>({
      supergraphSdl,
      splicedAfter,
      fetchers: new Map(
        [...answers.keys()].map((name) => [
          name,
          { execute: async (request, mood) => execute(name, request, mood), subscribe: async () => ({ data: null }) },
        ]),
      ),
    });
  const engine = engineOver(Infinity, ask);
  const engineOfTexts = engineOver(0, (name, request, mood) => new UnreadAnswer(JSON.stringify(ask(name, request, mood))));
  const plans = new WeakMap<DocumentNode, QueryPlan>();
  const plan = (document: DocumentNode) => {
    const made = plans.get(document) ?? planner.buildQueryPlan(operationFromDocument(api, document, { validate: false }));
    plans.set(document, made);
    return made;
  };
  return {
    apiSchema: engine.apiSchema,
    plan,
    explain: (text) => prettyFormatQueryPlan(plan(parse(text))),
    ours: (document, variables, mood) =>
      engine.execute({ document, variables, operationName: undefined }, mood, new AbortController().signal),
    oursInTexts: (document, variables, mood) =>
      engineOfTexts.execute({ document, variables, operationName: undefined }, mood, new AbortController().signal),
    oursIncrementally: (document, variables, mood) =>
      engine.executeIncrementally({ document, variables, operationName: undefined }, mood, new AbortController().signal),
    stock: async (document, variables, mood) => {
      const services = Object.fromEntries(
        [...answers.keys()].map((name): [string, GraphQLDataSource] => [
          name,
          {
            process: async ({ request }) =>
              withExactTypes(
                ask(name, { query: request.query ?? '', variables: request.variables ?? {}, operationName: request.operationName }, mood),
                supergraphSchema,
              ) as Awaited<ReturnType<GraphQLDataSource['process']>>,
          },
        ]),
      );
      const context = buildOperationContext({ schema: engine.apiSchema, operationDocument: document });
      const request = { request: { variables }, context: {}, metrics: {}, logger: quiet } as unknown as Parameters<
        typeof executeQueryPlan
      >[2];
      return (await executeQueryPlan(plan(document), services, request, context, supergraphSchema, api)) as ExecutionResult;
    },
  };
}

/**
 * Apollo's executor lets the answer of an interface object overwrite the type of what it is, and then finds no such object. Without that
 * name in the answer it keeps the type that it knows.
 */
function withExactTypes(answer: SubgraphAnswer, schema: GraphQLSchema): SubgraphAnswer {
  const entities = answer.data?.['_entities'];
  if (Array.isArray(entities))
    for (const entity of entities)
      if (isObject(entity) && isInterfaceType(schema.getType(String(entity['__typename'])))) delete entity['__typename'];
  return answer;
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * How our result differs from Apollo's; null when they agree in data and in the places of errors. Apollo's executor tells of a null that is
 * not allowed in `extensions.valueCompletion`, and only when there is no other error.
 */
export function difference(ours: ExecutionResult, stock: ExecutionResult): string | null {
  // It answers an operation that is in no plan with nulls, and says nothing.
  if (ours.errors?.some(({ message }) => message === 'No subgraph answers what this operation asks.')) return null;
  if (stable(ours.data) !== stable(stock.data)) return told('The data differ', ours, stock);
  const [own, foreign] = [sorted(ours), sorted(stock)];
  if (own.outages !== foreign.outages) return told('The outages differ', ours, stock);
  if (stable(own.ofSubgraphs) !== stable(foreign.ofSubgraphs) && stable(shapes(own.ofSubgraphs)) !== stable(shapes(foreign.ofSubgraphs)))
    return told('The errors of subgraphs lie elsewhere', ours, stock);
  if (foreign.outages > 0 || foreign.ofSubgraphs.length > 0) return null;
  if (
    own.completion.some((path) => !foreign.completion.includes(path)) ||
    (own.completion.length === 0) !== (foreign.completion.length === 0)
  )
    return told('The nulls that are not allowed differ', ours, stock);
  return null;
}

function sorted({ errors = [], extensions }: ExecutionResult) {
  const isOutage = ({ message }: GraphQLError) => message.endsWith(DOWN);
  const isCompletion = (error: GraphQLError) => error.extensions['code'] === 'INVALID_GRAPHQL';
  // Apollo's executor says nothing about an object whose type no subgraph told.
  const isUntold = ({ message }: GraphQLError) => /The type of this \w+ is not known/.test(message);
  const listed = (extensions?.['valueCompletion'] ?? []) as readonly GraphQLError[];
  return {
    outages: errors.filter(isOutage).length,
    ofSubgraphs: positions(errors.filter((error) => !isOutage(error) && !isCompletion(error))),
    completion: positions([...errors.filter((error) => isCompletion(error) && !isUntold(error)), ...listed]),
  };
}

/** Without the numbers of the planner's own aliases, which Apollo's executor leaves in paths. */
function positions(errors: readonly GraphQLError[]): string[] {
  return [
    ...new Set(errors.map(({ path }) => (path ?? ['nowhere']).map((key) => String(key).replace(/__alias_\d+$/, '')).join('.'))),
  ].toSorted();
}

/** Apollo's executor counts the places of a list wrongly when some of its objects are not asked for (another type, a missing key). */
function shapes(paths: readonly string[]): string[] {
  return paths.map((path) => path.replace(/\b\d+\b/g, '#')).toSorted();
}

function told(what: string, ours: ExecutionResult, stock: ExecutionResult): string {
  return [
    what,
    `ours:  ${stable(ours.data)}`,
    `stock: ${stable(stock.data)}`,
    `ours:  ${stable(sorted(ours))}`,
    `stock: ${stable(sorted(stock))} ${stock.errors?.[0]?.message ?? ''}`,
  ].join('\n  ');
}

function stable(value: unknown): string {
  return JSON.stringify(value ?? null, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
