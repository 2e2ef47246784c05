import type { ExecutionResult, GraphQLError } from 'graphql';
import { isObject } from '../json.js';
import type { SubgraphAnswer, SubgraphRequest } from '../subgraph-fetcher.js';
import type { EventMarks, PrimaryRequest } from './primary-request.js';

/** A subscription, planned: where its events come from, and what is made of each. */
export interface LivePlan<C> {
  /** The same for plans whose events are the same, and which may share one stream where the viewer is the same too. */
  source: string;
  /** The same for plans that make the same of an event of the same source. */
  shape: string;
  /** Asks the primary subgraph, from the beginning or after an event. An answer instead of a stream is the only event. */
  open(after: EventMarks['cursor'], context: C, signal: AbortSignal): Promise<AsyncIterable<SubgraphAnswer> | SubgraphAnswer>;
  marksOf(event: SubgraphAnswer): EventMarks;
  /** Asks the other subgraphs for the rest of the selection. Leaves the event as it is. */
  complete(event: SubgraphAnswer, context: C, signal: AbortSignal): Promise<ExecutionResult>;
  policy: LivePolicy;
}

export type LivePlanned<C> = { kind: 'planned'; plan: LivePlan<C> } | { kind: 'refused'; errors: readonly GraphQLError[] };

/** How the events of a source are treated. */
export interface LivePolicy {
  joining: Joining;
  /** An older event of an entity is worth nothing beside a newer one. */
  conflate: boolean;
  /** The events after a known one can be asked for. */
  canResume: boolean;
}

/**
 * What is given to somebody who joins a source that is under way: the newest event of each entity; nothing; or all events so far, as long
 * as there are at most `max`, and after that they get a source of their own.
 */
export type Joining = { kind: 'newest' } | { kind: 'nothing' } | { kind: 'all'; max: number };

export interface LivePlanParts<C> {
  subgraph: string;
  primary: PrimaryRequest;
  /** Those that the primary fetch uses. */
  variables: Record<string, unknown>;
  /** All of the client's, and whatever else tells one operation from another. */
  operation: readonly [id: number, variables: Readonly<Record<string, unknown>>];
  ask(request: SubgraphRequest, context: C, signal: AbortSignal): ReturnType<LivePlan<C>['open']>;
  complete: LivePlan<C>['complete'];
}

export function livePlan<C>({ subgraph, primary, variables, operation, ask, complete }: LivePlanParts<C>): LivePlan<C> {
  return {
    source: `${subgraph} ${primary.id} ${textOfVariables(variables)}`,
    shape: `${operation[0]} ${textOfVariables(operation[1])}`,
    open: (after, context, signal) => ask(primary.request(variables, after), context, signal),
    marksOf: primary.marksOf,
    complete,
    policy: policyOf(primary, variables),
  };
}

/** So many events of a stream that its client began after a known one are kept for others who begin there. */
const KEPT_AFTER = 100;

function policyOf({ field, isResumed }: PrimaryRequest, variables: Record<string, unknown>): LivePolicy {
  if (!field) return { joining: { kind: 'all', max: 0 }, conflate: false, canResume: false };
  const { begins, conflate, resume } = field;
  const joining: Joining = begins === 'state' ? { kind: 'newest' } : { kind: 'nothing' };
  return {
    joining: isResumed(variables) ? { kind: 'all', max: KEPT_AFTER } : joining,
    conflate,
    canResume: resume !== null,
  };
}

/** The same text for the same variables, in whichever order they came. */
function textOfVariables(variables: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(variables, (_, value: unknown) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}
