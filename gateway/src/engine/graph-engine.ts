import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { GraphQLError, parse, print, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { authorizationRules } from './authorization-rules.js';
import { isDeferring } from './deferred-document.js';
import { unhandledFeatures } from './features.js';
import { followLater, type SubsequentResult } from './incremental.js';
import { isObject, mergeInto, type JsonObject } from './json.js';
import { livePlanner } from './live/live-planner.js';
import type { LiveFields } from './live/live-field.js';
import type { LivePlanned } from './live/live-plan.js';
import { overridesFor, type OverrideOptions } from './override-labels.js';
import { planCache, type Admission, type AuthorizationOptions, type PlanCache, type PlanCounts, type PlanRequest } from './plan-cache.js';
import { createPlanner } from './planner.js';
import { openPlannerThread, type PlannerThreadOptions } from './planner-thread.js';
import { prepareOperation, type PreparedOperation } from './prepared-operation.js';
import { plannerSupergraph } from './planner-supergraph.js';
import { respond, rootOf, startRun } from './run.js';
import { strippedOfSecurity } from './security-directives.js';
import type { SubgraphFetcher } from './subgraph-fetcher.js';
import { SPLICED_AFTER } from './splice/splices.js';
import { typeConditions } from './type-conditions.js';
import { WrittenResult } from './written-result.js';

export interface GraphOperation {
  /** Valid by the rules of GraphQL. Plans are kept by the document's identity. */
  document: DocumentNode;
  /** Needed when the document holds several. */
  operationName: string | undefined;
  variables: Readonly<Record<string, unknown>>;
}

export interface GraphEngineOptions<C> {
  /** Full, with its security directives. */
  supergraphSdl: string;
  /** By the subgraphs' names in the supergraph. */
  fetchers: ReadonlyMap<string, SubgraphFetcher<C>>;
  /** How many documents are kept planned and compiled; the least recently used goes first. 2,000 by default. */
  maxPlans?: number;
  /** What is known of root fields of Subscription; those that the schema does not have are left aside. */
  liveFields?: LiveFields;
  /** How security directives are enforced. Left out: they are not, and whoever answers fields has to. */
  authorization?: AuthorizationOptions<C>;
  /** How labels of progressive `@override`s are decided. Left out: they are all off. */
  overrides?: OverrideOptions<C>;
  /** Whose share of the planner's time a new operation takes. Left out: all have one share. */
  askerOf?(context: C): string;
  /**
   * Plans what is not warmed on a thread of its own, which starts when it is first needed, and refuses what takes longer than that
   * (`planner-thread.ts`). Left out: on the thread that asks, however long it takes.
   */
  planning?: PlannerThreadOptions;
  /** How often an operation runs before its answers are put together of texts (`splice/`), where subgraphs answer texts. 5 by default. */
  splicedAfter?: number;
}

/** Disposing of it ends the thread that plans. */
export interface GraphEngine<C> extends AsyncDisposable {
  /** What clients see. */
  apiSchema: GraphQLSchema;
  /** Plans and compiles ahead of its first use, one after the other; tells what could not be planned. The documents must be valid. */
  warm(operations: readonly PlanRequest[]): Promise<readonly WarmFault[]>;
  /** The operations that were asked for most, first the most. */
  mostUsed(count: number): PlanRequest[];
  planCounts(): PlanCounts;
  entityCounts(): EntityCounts;
  /** A query or a mutation. Variables that do not fit are errors of the result; throws only what the planner throws. */
  execute(operation: GraphOperation, context: C, signal: AbortSignal): Promise<ExecutionResult>;
  /** The same for a client that takes what it defers later. */
  executeIncrementally(operation: GraphOperation, context: C, signal: AbortSignal): Promise<IncrementalResult>;
  /** A subscription, for `createLiveHub` to follow. Throws only what the planner throws. */
  planLive(operation: GraphOperation, context: C): Promise<LivePlanned<C>>;
}

/** Since the start. */
export interface EntityCounts {
  /** Places of responses that entities were looked up for. */
  places: number;
  /** What subgraphs were asked for them: equal ones of a fetch once. */
  representations: number;
}

/** `whole`: nothing comes later. */
export type IncrementalResult =
  | { kind: 'whole'; result: ExecutionResult }
  | { kind: 'begun'; result: ExecutionResult; subsequent: AsyncIterableIterator<SubsequentResult> };

export interface WarmFault {
  operation: PlanRequest;
  error: unknown;
}

const DEFAULT_MAX_PLANS = 2_000;

/**
 * Answers operations over a supergraph: Apollo's planner says which subgraph is asked for what, and each plan is compiled once into
 * fetches and one projection of the response. Throws when the supergraph cannot be loaded.
 */
export function createGraphEngine<C>(options: GraphEngineOptions<C>): GraphEngine<C> {
  const { fetchers, authorization, maxPlans = DEFAULT_MAX_PLANS, splicedAfter = SPLICED_AFTER } = options;
  const document = parse(options.supergraphSdl);
  const unhandled = unhandledFeatures(document);
  if (unhandled.length > 0) throw new Error(`The supergraph uses what this gateway cannot do: ${unhandled.join(', ')}.`);
  const shownSdl = print(strippedOfSecurity(document));
  const shown = Supergraph.build(shownSdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
  const apiSchema = shown.apiSchema().toGraphQLJSSchema({ includeDefer: true });
  const schema = shown.schema.toGraphQLJSSchema();
  const conditions = typeConditions(schema);
  const supergraph = plannerSupergraph(shownSdl);
  const planner = { supergraphSdl: supergraph.sdl, isRewritten: supergraph.isRewritten };
  const thread = options.planning && openPlannerThread(planner, options.planning);
  const entities: EntityCounts = { places: 0, representations: 0 };
  const onBatch = (places: number, representations: number) => {
    entities.places += places;
    entities.representations += representations;
  };
  const plan = thread?.plan ?? createPlanner(planner.supergraphSdl, planner);
  const parts = { plan, supergraph, apiSchema, schema, splicedAfter, fetchers, conditions, onBatch };
  const overridesOf = overridesFor(document, options.overrides);
  const plans = planCache<C, PreparedOperation<C>>({
    prepare: (preparation) => prepareOperation(preparation, parts),
    apiSchema,
    rules: authorizationRules(document),
    authorization,
    overridesOf,
    ...(options.askerOf && { askerOf: options.askerOf }),
    maxPlans,
  });
  return {
    apiSchema,
    warm: (operations) => warmAll(plans, operations),
    mostUsed: plans.mostUsed,
    planCounts: plans.counts,
    entityCounts: () => ({ ...entities }),
    [Symbol.asyncDispose]: async () => thread?.[Symbol.asyncDispose](),
    execute: async (operation, context, signal) => {
      const admitting = plans.admit(operation, context);
      const admission = admitting instanceof Promise ? await inTime(admitting, signal) : admitting;
      if (admission.kind === 'refused') return { errors: admission.errors };
      const ready = admission.prepared;
      if (ready.primary) return { errors: [new GraphQLError('A subscription is not answered once.')] };
      const choice = ready.choose(operation.variables);
      if (choice.kind === 'refused') return { errors: choice.errors };
      const run = startRun(choice, choice.conditions, context, signal);
      const spliced = await ready.splice(choice)?.(run);
      if (spliced?.kind === 'response') return new WrittenResult(spliced.text);
      await ready.step(run, rootOf(run));
      return respond(run, choice.shape);
    },
    executeIncrementally: async (operation, context, signal) => {
      const admitting = Promise.resolve(plans.admit({ ...operation, isIncremental: isDeferring(operation.document) }, context));
      const admission = await inTime(admitting, signal);
      if (admission.kind === 'refused') return { kind: 'whole', result: { errors: admission.errors } };
      const { incremental, primary, step } = admission.prepared;
      if (primary) return { kind: 'whole', result: { errors: [new GraphQLError('A subscription is not answered once.')] } };
      const choice = admission.prepared.choose(operation.variables);
      if (choice.kind === 'refused') return { kind: 'whole', result: { errors: choice.errors } };
      const run = startRun(choice, choice.conditions, context, signal);
      const plan = incremental?.(choice.conditions) ?? { step, later: [] };
      await plan.step(run, rootOf(run));
      const result = respond(run, choice.shape);
      if (!isObject(result.data) || plan.later.length === 0) return { kind: 'whole', result };
      const shown: JsonObject = {};
      mergeInto(shown, result.data, true);
      return { kind: 'begun', result, subsequent: followLater(plan.later, run, shown, choice.shape.later) };
    },
    planLive: livePlanner({ plans, fetchers, apiSchema, liveFields: options.liveFields ?? {} }),
  };
}

/** One after the other. */
export async function warmAll<C, P>(plans: PlanCache<C, P>, operations: readonly PlanRequest[]): Promise<readonly WarmFault[]> {
  const faults: WarmFault[] = [];
  for (const operation of operations)
    await plans.warm(operation).catch((error: unknown) => {
      faults.push({ operation, error });
    });
  return faults;
}

/** What is still to be planned at a request's deadline is planned for those who ask for it next. */
export async function inTime<P>(admitting: Promise<Admission<P>>, signal: AbortSignal): Promise<Admission<P>> {
  const { promise, resolve } = Promise.withResolvers<Admission<P>>();
  const refuse = () => resolve({ kind: 'refused', errors: [new GraphQLError('There was no time to plan this.', { extensions: TIMEOUT })] });
  if (signal.aborted) refuse();
  signal.addEventListener('abort', refuse, { once: true });
  try {
    return await Promise.race([admitting, promise]);
  } finally {
    signal.removeEventListener('abort', refuse);
  }
}

const TIMEOUT = { code: 'TIMEOUT' };
