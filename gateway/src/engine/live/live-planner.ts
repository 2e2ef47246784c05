import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { GraphOperation } from '../graph-engine.js';
import type { Admission, PlanCache } from '../plan-cache.js';
import type { PreparedOperation } from '../prepared-operation.js';
import { respond, rootOf, startRun } from '../run.js';
import type { SubgraphFetcher } from '../subgraph-fetcher.js';
import { knownLiveFields, type LiveFields } from './live-field.js';
import { livePlan, type LivePlan, type LivePlanned } from './live-plan.js';
import { compilePrimary, type PrimaryRequest } from './primary-request.js';

export interface LivePlannerParts<C> {
  plans: PlanCache<C, PreparedOperation<C>>;
  fetchers: ReadonlyMap<string, SubgraphFetcher<C>>;
  apiSchema: GraphQLSchema;
  liveFields: LiveFields;
}

/** Ids of operations are unique in the process: one schema may follow another. */
let operations = 0;

type Admitted<C> = Extract<Admission<PreparedOperation<C>>, { kind: 'admitted' }>;

/** Plans subscriptions. Variables that do not fit, and rights that are missing, are why one is refused. */
export function livePlanner<C>(parts: LivePlannerParts<C>): (operation: GraphOperation, context: C) => Promise<LivePlanned<C>> {
  const fields = knownLiveFields(parts.apiSchema, parts.liveFields);
  const compiled = new WeakMap<PreparedOperation<C>, { id: number; request: PrimaryRequest }>();
  return async (operation, context) => {
    const admission = await parts.plans.admit(operation, context);
    if (admission.kind === 'refused') return admission;
    const { prepared } = admission;
    const choice = prepared.choose(operation.variables);
    if (choice.kind === 'refused') return choice;
    const { primary } = prepared;
    if (!primary) return { kind: 'refused', errors: [new GraphQLError('This subscription selects nothing.')] };
    const fetcher = parts.fetchers.get(primary.subgraph);
    if (!fetcher) throw new Error(`There is no subgraph ${primary.subgraph} to ask.`);
    const { query, variables } = primary.request(operation.variables);
    const known = compiled.get(prepared) ?? { id: ++operations, request: compilePrimary(query, parts.apiSchema, fields) };
    compiled.set(prepared, known);
    const plan = livePlan<C>({
      subgraph: primary.subgraph,
      primary: known.request,
      variables,
      operation: [known.id, operation.variables],
      ask: (request, asking, signal) => fetcher.subscribe(request, asking, signal),
      complete: completion(operation, admission, parts),
    });
    return { kind: 'planned', plan };
  };
}

function completion<C>(
  operation: GraphOperation,
  { prepared, failed }: Admitted<C>,
  { plans }: LivePlannerParts<C>,
): LivePlan<C>['complete'] {
  return async (event, context, signal) => {
    // Rights may have been taken away since; those that were given since are for the next subscription.
    const now = await plans.admit(operation, context, failed);
    if (now.kind === 'refused') return { data: null, errors: now.errors };
    const [choice, shown] = [prepared, now.prepared].map((each) => each.choose(operation.variables));
    if (choice?.kind !== 'chosen') return { data: null, errors: choice?.errors ?? [] };
    if (shown?.kind !== 'chosen') return { data: null, errors: shown?.errors ?? [] };
    const run = startRun(operation, choice.conditions, context, signal);
    prepared.primary?.take({ ...event, data: structuredClone(event.data) }, run, rootOf(run), false);
    await prepared.step(run, rootOf(run));
    return respond(run, shown.shape);
  };
}
