import { Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { GraphQLError, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Run } from './fetch.js';
import { mergeInto, type JsonObject } from './json.js';
import { prepareOperation, type PreparedOperation, type Primary, type ResponseShape } from './prepared-operation.js';
import type { SubgraphAnswer, SubgraphFetcher } from './subgraph-fetcher.js';
import { typeConditions } from './type-conditions.js';

export interface GraphOperation {
  /** Valid by the rules of GraphQL. Plans are kept by the document's identity. */
  document: DocumentNode;
  /** Needed when the document holds several. */
  operationName: string | undefined;
  variables: Readonly<Record<string, unknown>>;
}

export interface GraphEngineOptions<C> {
  supergraphSdl: string;
  /** By the subgraphs' names in the supergraph. */
  fetchers: ReadonlyMap<string, SubgraphFetcher<C>>;
  /** How many documents are kept planned and compiled; the least recently used goes first. 2,000 by default. */
  maxPlans?: number;
}

export interface GraphEngine<C> {
  /** What clients see. */
  apiSchema: GraphQLSchema;
  /** A query or a mutation. Variables that do not fit are errors of the result; throws only what the planner throws. */
  execute(operation: GraphOperation, context: C, signal: AbortSignal): Promise<ExecutionResult>;
  /**
   * A subscription until `signal` fires. `eachEvent` says under which context and signal an event is completed over the other subgraphs;
   * those of the subscription when left out. A result instead of a stream says why it did not start.
   */
  subscribe(
    operation: GraphOperation,
    context: C,
    signal: AbortSignal,
    eachEvent?: EachEvent<C>,
  ): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
}

export type EachEvent<C> = (complete: (context: C, signal: AbortSignal) => Promise<ExecutionResult>) => Promise<ExecutionResult>;

const DEFAULT_MAX_PLANS = 2_000;

/**
 * Answers operations over a supergraph: Apollo's planner says which subgraph is asked for what, and each plan is compiled once into
 * fetches and one projection of the response. Throws when the supergraph cannot be loaded.
 */
export function createGraphEngine<C>({ supergraphSdl, fetchers, maxPlans = DEFAULT_MAX_PLANS }: GraphEngineOptions<C>): GraphEngine<C> {
  const supergraph = Supergraph.build(supergraphSdl);
  const api = supergraph.apiSchema();
  const apiSchema = api.toGraphQLJSSchema();
  const conditions = typeConditions(supergraph.schema.toGraphQLJSSchema());
  const parts = { planner: new QueryPlanner(supergraph), api, apiSchema, fetchers, conditions };
  const prepared = new LRUCache<DocumentNode, Map<string, PreparedOperation<C>>>({ max: maxPlans });
  const prepare = ({ document, operationName }: GraphOperation): PreparedOperation<C> => {
    const byName = prepared.get(document) ?? new Map<string, PreparedOperation<C>>();
    const ready = byName.get(operationName ?? '') ?? prepareOperation(document, operationName, parts);
    byName.set(operationName ?? '', ready);
    prepared.set(document, byName);
    return ready;
  };
  return {
    apiSchema,
    execute: async (operation, context, signal) => {
      const ready = prepare(operation);
      if (ready.primary) return { errors: [new GraphQLError('A subscription is not answered once.')] };
      const choice = ready.choose(operation.variables);
      if (choice.kind === 'refused') return { errors: choice.errors };
      const run = startRun(operation, choice.conditions, context, signal);
      await ready.step(run, rootOf(run));
      return respond(run, choice.shape);
    },
    subscribe: async (operation, context, signal, eachEvent = (complete) => complete(context, signal)) => {
      const ready = prepare(operation);
      const choice = ready.choose(operation.variables);
      if (choice.kind === 'refused') return { errors: choice.errors };
      const { primary, step } = ready;
      if (!primary) return { errors: [new GraphQLError('This subscription selects nothing.')] };
      const source = await startPrimary(primary, fetchers, operation, context, signal);
      const complete = (event: SubgraphAnswer) =>
        eachEvent(async (eventContext, eventSignal) => {
          const run = startRun(operation, choice.conditions, eventContext, eventSignal);
          primary.take(event, run, rootOf(run), true);
          await step(run, rootOf(run));
          return respond(run, choice.shape);
        });
      return Symbol.asyncIterator in source ? mapStream(source, complete) : complete(source);
    },
  };
}

function startPrimary<C>(
  primary: Primary<C>,
  fetchers: ReadonlyMap<string, SubgraphFetcher<C>>,
  { variables }: GraphOperation,
  context: C,
  signal: AbortSignal,
): ReturnType<SubgraphFetcher<C>['subscribe']> {
  const fetcher = fetchers.get(primary.subgraph);
  if (!fetcher) throw new Error(`There is no subgraph ${primary.subgraph} to ask.`);
  return fetcher.subscribe(primary.request(variables), context, signal);
}

function startRun<C>({ variables }: GraphOperation, conditions: ReadonlyMap<string, boolean>, context: C, signal: AbortSignal): Run<C> {
  return { root: {}, variables, conditions, faults: [], context, signal };
}

function rootOf<C>({ root }: Run<C>): { path: []; objects: JsonObject[] } {
  return { path: [], objects: [root] };
}

function respond<C>({ root, faults, variables }: Run<C>, { project, introspect, unplanned }: ResponseShape): ExecutionResult {
  const introspected = introspect(variables);
  if (introspected) mergeInto(root, introspected, false);
  for (const name of unplanned)
    faults.push({ error: new GraphQLError('No subgraph answers this field here.', { path: [name] }), covers: [[name]] });
  const errors = faults.map(({ error }) => error);
  const data = project(root, faults, errors);
  return errors.length > 0 ? { errors, data } : { data };
}

/** Each value through `map`, one at a time. Not a generator: `return` must reach the source while `next` is still waiting. */
function mapStream<A, B>(source: AsyncIterable<A>, map: (value: A) => Promise<B>): AsyncIterableIterator<B> {
  const iterator = source[Symbol.asyncIterator]();
  const stream: AsyncIterableIterator<B> = {
    next: async () => {
      const step = await iterator.next();
      return step.done ? { done: true, value: undefined } : { done: false, value: await map(step.value) };
    },
    return: async () => {
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
