import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import { operationFromDocument, Supergraph, type Schema } from '@apollo/federation-internals';
import { QueryPlanner, type FetchNode, type PlanNode, type QueryPlan } from '@apollo/query-planner';
import { GraphQLError, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { LRUCache } from 'lru-cache';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { claimsOf, type ClientRequest } from './client-request.js';
import type { ClientOperation, Engine } from './engine.js';
import type { SubgraphAnswer } from './engine/subgraph-fetcher.js';
import { livePlan } from './engine/live/live-plan.js';
import { compilePrimary } from './engine/live/primary-request.js';
import { subgraphDataSource } from './subgraph-data-source.js';
import { withoutSecurityDirectives } from './supergraph.js';

type ServiceMap = Record<string, GraphQLDataSource>;

interface Prepared {
  /** Unique in the process. */
  id: number;
  plan: QueryPlan;
  context: ReturnType<typeof buildOperationContext>;
}

const PLANS = 2_000;

let operations = 0;

/**
 * Apollo's planner and executor, as they are. Subscriptions, which that executor refuses, are run by replay: the primary fetch of the
 * plan runs on its subgraph, and for every event the executor completes the response over all subgraphs, with the event as the answer
 * of the primary fetch. Throws when the supergraph cannot be loaded.
 */
export function createStockEngine(supergraphSdl: string, transports: ReadonlyMap<string, SubgraphTransport>): Engine {
  const sdl = withoutSecurityDirectives(supergraphSdl);
  const supergraph = Supergraph.build(sdl);
  const api: Schema = supergraph.apiSchema();
  const apiSchema: GraphQLSchema = api.toGraphQLJSSchema();
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
  const planner = new QueryPlanner(supergraph);
  const services: ServiceMap = Object.fromEntries([...transports].map(([name, transport]) => [name, subgraphDataSource(transport)]));
  const prepared = new LRUCache<DocumentNode, Map<string, Prepared>>({ max: PLANS });

  const prepare = (document: DocumentNode, operationName: string | undefined): Prepared => {
    const byName = prepared.get(document) ?? new Map<string, Prepared>();
    prepared.set(document, byName);
    const known = byName.get(operationName ?? '');
    if (known) return known;
    const operation = operationFromDocument(api, document, { ...(operationName && { operationName }), validate: false });
    const context = buildOperationContext({ schema: apiSchema, operationDocument: document, ...(operationName && { operationName }) });
    const made = { id: ++operations, plan: planner.buildQueryPlan(operation), context };
    byName.set(operationName ?? '', made);
    return made;
  };
  const execute = async (
    plan: QueryPlan,
    { context }: Prepared,
    operation: ClientOperation,
    request: ClientRequest,
    serviceMap: ServiceMap,
  ): Promise<ExecutionResult> => {
    const requestContext = {
      request: { variables: operation.variables },
      context: request,
      metrics: {},
      logger: quiet,
    } as unknown as Parameters<typeof executeQueryPlan>[2];
    return (await executeQueryPlan(plan, serviceMap, requestContext, context, supergraphSchema, api)) as ExecutionResult;
  };
  const wrongVariables = ({ context }: Prepared, variables: Record<string, unknown>): readonly GraphQLError[] => {
    const { errors = [] } = getVariableValues(apiSchema, context.operation.variableDefinitions ?? [], variables);
    return errors.map(
      (error) =>
        new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } }),
    );
  };
  const run = async (operation: ClientOperation, request: ClientRequest): Promise<ExecutionResult> => {
    const ready = prepare(operation.document, operation.operationName);
    const faults = wrongVariables(ready, operation.variables);
    return faults.length > 0 ? { errors: faults } : execute(ready.plan, ready, operation, request, services);
  };

  return {
    apiSchema,
    execute: run,
    // That executor does not know it.
    executeIncrementally: async (operation, request) => ({ kind: 'whole', result: await run(operation, request) }),
    [Symbol.asyncDispose]: async () => undefined,
    planLive: async (operation) => {
      const ready = prepare(operation.document, operation.operationName);
      const faults = wrongVariables(ready, operation.variables);
      if (faults.length > 0) return { kind: 'refused', errors: faults };
      if (ready.plan.node?.kind !== 'Subscription')
        return { kind: 'refused', errors: [new GraphQLError('This subscription selects nothing.')] };
      const { primary, rest } = ready.plan.node;
      const transport = transports.get(primary.serviceName);
      if (!transport) throw new Error(`No transport for ${primary.serviceName}`);
      const replayed: PlanNode = rest ? { kind: 'Sequence', nodes: [primary, rest] } : primary;
      const plan = livePlan<ClientRequest>({
        subgraph: primary.serviceName,
        primary: compilePrimary(primary.operation, apiSchema, new Map()),
        variables: usedVariables(primary, operation),
        operation: [ready.id, operation.variables],
        ask: (body, request, signal) => transport.subscribe(body, claimsOf(request), signal),
        complete: (event, request) => {
          const replaying = answeringPrimary(primary, event, services[primary.serviceName]);
          return execute({ kind: 'QueryPlan', node: replayed }, ready, operation, request, {
            ...services,
            [primary.serviceName]: replaying,
          });
        },
      });
      return { kind: 'planned', plan };
    },
  };
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function usedVariables({ variableUsages = [] }: FetchNode, { variables }: ClientOperation): Record<string, unknown> {
  return Object.fromEntries(variableUsages.filter((name) => name in variables).map((name) => [name, variables[name]]));
}

/** The primary subgraph as the executor meets it for one event: the subscription's own fetch is answered with the event. */
function answeringPrimary(
  primary: FetchNode,
  { data, errors }: SubgraphAnswer,
  subgraph: GraphQLDataSource | undefined,
): GraphQLDataSource {
  return {
    process: async (options) => {
      if (options.request.query === primary.operation) return { data: structuredClone(data), ...(errors && { errors: [...errors] }) };
      if (!subgraph) throw new Error(`No transport for ${primary.serviceName}`);
      return subgraph.process(options);
    },
  };
}
