import type { GraphQLDataSource } from '@apollo/gateway';
import { Supergraph } from '@apollo/federation-internals';
import type { FetchNode, PlanNode, SubscriptionNode } from '@apollo/query-planner';
import { GraphQLError, parse, type ExecutionResult } from 'graphql';
import { authorizationRules } from '../engine/authorization-rules.js';
import { inTime, warmAll, type GraphEngine, type GraphEngineOptions, type GraphOperation } from '../engine/graph-engine.js';
import { knownLiveFields, type LiveField } from '../engine/live/live-field.js';
import { livePlan, type LivePlan, type LivePlanned } from '../engine/live/live-plan.js';
import { compilePrimary } from '../engine/live/primary-request.js';
import { overridesFor } from '../engine/override-labels.js';
import { planCache, type Admission, type PlanCache } from '../engine/plan-cache.js';
import { createPlanner } from '../engine/planner.js';
import { openPlannerThread } from '../engine/planner-thread.js';
import { coerceVariables } from '../engine/response-shape.js';
import type { SubgraphAnswer, SubgraphFetcher } from '../engine/subgraph-fetcher.js';
import { withoutSecurityDirectives } from '../supergraph.js';
import { executeStock, prepareStock, type ServiceMap, type StockOperation, type StockParts } from './stock-operation.js';
import { subgraphDataSource } from './subgraph-data-source.js';

const DEFAULT_MAX_PLANS = 2_000;

/**
 * Apollo's executor as it is, behind our own guards: what a viewer may not have is cut out before anything is planned, planning has its
 * deadline, and subgraphs are reached through the same fetchers. Subscriptions, which that executor refuses, are run by replay: the primary
 * fetch of the plan runs on its subgraph, and for every event the executor completes the response over all subgraphs, with the event as the
 * answer of the primary fetch. Throws when the supergraph cannot be loaded.
 */
export function createStockEngine<C>(options: GraphEngineOptions<C>): GraphEngine<C> {
  const { fetchers, authorization, maxPlans = DEFAULT_MAX_PLANS } = options;
  const sdl = withoutSecurityDirectives(options.supergraphSdl);
  const supergraph = Supergraph.build(sdl);
  const api = supergraph.apiSchema();
  const apiSchema = api.toGraphQLJSSchema({ includeDefer: true });
  const planner = { supergraphSdl: sdl, isRewritten: false };
  const thread = options.planning && openPlannerThread(planner, options.planning);
  const planHere = thread ? null : createPlanner(sdl, planner);
  const parts: StockParts = {
    plan: async (question, asker) => thread?.plan(question, asker) ?? planHere?.(question),
    apiSchema,
    api,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
  };
  const document = parse(options.supergraphSdl);
  const plans = planCache<C, StockOperation>({
    prepare: (preparation) => prepareStock(preparation, parts),
    apiSchema,
    rules: authorizationRules(document),
    authorization,
    overridesOf: overridesFor(document, options.overrides),
    ...(options.askerOf && { askerOf: options.askerOf }),
    maxPlans,
  });
  const services: ServiceMap = Object.fromEntries([...fetchers].map(([name, fetcher]) => [name, subgraphDataSource(fetcher)]));

  const wrongVariables = ({ context }: StockOperation, variables: GraphOperation['variables']): readonly GraphQLError[] =>
    coerceVariables(apiSchema, context.operation, variables).errors ?? [];
  const run = async (operation: GraphOperation, context: C, signal: AbortSignal): Promise<ExecutionResult> => {
    const admission = await inTime(Promise.resolve(plans.admit(operation, context)), signal);
    if (admission.kind === 'refused') return { errors: admission.errors };
    const { prepared } = admission;
    if (prepared.plan?.kind === 'Subscription') return { errors: [new GraphQLError('A subscription is not answered once.')] };
    const faults = wrongVariables(prepared, operation.variables);
    return faults.length > 0 ? { errors: faults } : executeStock(prepared, operation.variables, { context, signal }, services, parts);
  };
  const live: LiveParts<C> = { plans, parts, services, fetchers, fields: knownLiveFields(apiSchema, options.liveFields ?? {}) };
  return {
    apiSchema,
    warm: (requests) => warmAll(plans, requests),
    mostUsed: plans.mostUsed,
    planCounts: plans.counts,
    // Apollo's executor does not tell them.
    entityCounts: () => ({ places: 0, representations: 0 }),
    execute: run,
    // That executor does not know it.
    executeIncrementally: async (operation, context, signal) => ({ kind: 'whole', result: await run(operation, context, signal) }),
    [Symbol.asyncDispose]: async () => thread?.[Symbol.asyncDispose](),
    planLive: async (operation, context) => {
      const admission = await plans.admit(operation, context);
      if (admission.kind === 'refused') return admission;
      const faults = wrongVariables(admission.prepared, operation.variables);
      return faults.length > 0 ? { kind: 'refused', errors: faults } : planned(operation, admission, live);
    },
  };
}

interface LiveParts<C> {
  plans: PlanCache<C, StockOperation>;
  parts: StockParts;
  services: ServiceMap;
  fetchers: ReadonlyMap<string, SubgraphFetcher<C>>;
  fields: ReadonlyMap<string, LiveField>;
}

type Admitted = Extract<Admission<StockOperation>, { kind: 'admitted' }>;

function planned<C>(operation: GraphOperation, admission: Admitted, live: LiveParts<C>): LivePlanned<C> {
  const { prepared } = admission;
  if (prepared.plan?.kind !== 'Subscription') return { kind: 'refused', errors: [new GraphQLError('This subscription selects nothing.')] };
  const { primary } = prepared.plan;
  const fetcher = live.fetchers.get(primary.serviceName);
  if (!fetcher) throw new Error(`There is no subgraph ${primary.serviceName} to ask.`);
  const plan = livePlan<C>({
    subgraph: primary.serviceName,
    primary: compilePrimary(primary.operation, live.parts.apiSchema, live.fields),
    variables: usedVariables(primary, operation),
    operation: [prepared.id, operation.variables],
    ask: (request, context, signal) => fetcher.subscribe(request, context, signal),
    complete: completion(operation, admission, prepared.plan, live),
  });
  return { kind: 'planned', plan };
}

function completion<C>(
  operation: GraphOperation,
  { prepared, failed }: Admitted,
  { primary, rest }: SubscriptionNode,
  { plans, parts, services }: LiveParts<C>,
): LivePlan<C>['complete'] {
  const replayed: PlanNode = rest ? { kind: 'Sequence', nodes: [primary, rest] } : primary;
  return async (event, context, signal) => {
    const now = await plans.admit(operation, context, failed);
    if (now.kind === 'refused') return { data: null, errors: now.errors };
    // Rights may have been taken away since; those that were given since are for the next subscription.
    const shown = { ...prepared, cut: now.prepared.cut };
    const replaying = { ...services, [primary.serviceName]: answeringPrimary(primary, event, services[primary.serviceName]) };
    return executeStock(shown, operation.variables, { context, signal }, replaying, parts, replayed);
  };
}

function usedVariables({ variableUsages = [] }: FetchNode, { variables }: GraphOperation): Record<string, unknown> {
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
