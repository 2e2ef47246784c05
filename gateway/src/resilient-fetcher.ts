import {
  BulkheadRejectedError,
  bulkhead,
  circuitBreaker,
  CircuitState,
  handleWhen,
  isBrokenCircuitError,
  SamplingBreaker,
} from 'cockatiel';
import { GraphQLError } from 'graphql';
import { pause, untilAborted, withDeadline } from '@shop/platform/lifecycle';
import type { SubgraphAnswer, SubgraphFetcher, SubgraphRequest } from './engine/subgraph-fetcher.js';
import { retryBudget } from './retry-budget.js';

/** How a subgraph is protected from us, and we from it. Durations in milliseconds. */
export interface Resilience {
  /** A query that takes longer is given up; mutations have the request's own deadline only, for nobody knows what they have done. */
  queryTimeoutMs: number;
  /** How often a query that could not be sent, or was not answered, is sent again, with full jitter; of all queries a tenth at most. */
  retries: number;
  /** Calls at a time, and how many more may wait for their turn. */
  inFlight: number;
  waiting: number;
  /** Of at least this many calls in ten seconds half failed: the subgraph is left alone. */
  breakerCalls: number;
  /** Then one call is let through to see. */
  halfOpenAfterMs: number;
}

export const defaultResilience: Resilience = {
  queryTimeoutMs: 3_000,
  retries: 2,
  inFlight: 64,
  waiting: 256,
  breakerCalls: 20,
  halfOpenAfterMs: 5_000,
};

/** What became of calls since the start. */
export interface ResilienceCounts {
  state: BreakerState;
  inFlight: number;
  waiting: number;
  retries: number;
  timeouts: number;
  /** Not sent: the subgraph is left alone, or too many were waiting. */
  notSent: number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface ResilientFetcher<C> extends SubgraphFetcher<C> {
  counts(): ResilienceCounts;
}

export interface ResilientOptions<C> extends Resilience {
  /** What clients are told of the subgraph by. */
  name?: string;
  /** When the signal of a call with this context fires, in milliseconds since 1970. Left out: nobody knows. */
  deadlineOf?(context: C): number;
}

const BREAKER_WINDOW_MS = 10_000;
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [50, 500];

/**
 * A subgraph that is reached over a network. A call that comes to nothing throws TIMEOUT or SERVICE_UNAVAILABLE and costs its fields only;
 * what ends because the client has left says nothing of the subgraph. Subscriptions are handed through.
 */
export function resilientFetcher<C>(fetcher: SubgraphFetcher<C>, options: ResilientOptions<C> = defaultResilience): ResilientFetcher<C> {
  const { queryTimeoutMs, retries, inFlight, waiting, breakerCalls, halfOpenAfterMs, name = 'A part of the shop', deadlineOf } = options;
  const room = bulkhead(inFlight, waiting);
  const breaker = circuitBreaker(
    handleWhen((error) => !(error instanceof ClientLeft) && !(error instanceof GraphQLError && !isOutage(error))),
    {
      halfOpenAfter: halfOpenAfterMs,
      breaker: new SamplingBreaker({
        threshold: 0.5,
        duration: BREAKER_WINDOW_MS,
        minimumRps: breakerCalls / (BREAKER_WINDOW_MS / 1000),
      }),
    },
  );
  const budget = retryBudget(0.1);
  const counted = { retries: 0, timeouts: 0, notSent: 0 };

  const send = (request: SubgraphRequest, context: C, signal: AbortSignal): Promise<SubgraphAnswer> =>
    breaker.execute(() => fetcher.execute(request, context, signal).catch((error: unknown) => endedBy(error, signal, name)));
  const inTurn = async (request: SubgraphRequest, context: C, signal: AbortSignal): Promise<SubgraphAnswer> => {
    try {
      const turn = () => room.execute(() => send(request, context, signal));
      if (room.executionSlots > 0) return await turn();
      // A call that waits for its turn is not told that its caller has gone.
      return await untilAborted(turn(), signal).catch((error: unknown) => endedBy(error, signal, name));
    } catch (error) {
      if (!(error instanceof Error && wasNotSent(error))) throw error;
      counted.notSent++;
      throw unavailable(isBrokenCircuitError(error) ? `${name} is left alone for a moment.` : `${name} has too much to do.`, error);
    }
  };
  const query = async (request: SubgraphRequest, context: C, caller: AbortSignal): Promise<SubgraphAnswer> => {
    using deadline = withDeadline(caller, queryTimeoutMs);
    return await attempts(request, context, deadline.signal);
  };
  const attempts = async (request: SubgraphRequest, context: C, signal: AbortSignal): Promise<SubgraphAnswer> => {
    budget.earn();
    for (let retried = 0; ; retried++) {
      try {
        return await inTurn(request, context, signal);
      } catch (error) {
        const isLast = retried >= retries || signal.aborted || !isWorthRepeating(error) || !budget.spend();
        if (isLast) throw error;
        counted.retries++;
        await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (retried + 1)), signal);
      }
    }
  };
  const formOf = (request: SubgraphRequest, context: C): typeof query => {
    if (isMutation(request)) return inTurn;
    // For a caller who gives up sooner than that, a second timer would be set for nothing.
    const isBounded = deadlineOf !== undefined && deadlineOf(context) <= Date.now() + queryTimeoutMs;
    return isBounded ? attempts : query;
  };
  return {
    execute: (request, context, signal) =>
      formOf(request, context)(request, context, signal).catch((error: unknown) => {
        if (error instanceof GraphQLError && error.extensions['code'] === 'TIMEOUT') counted.timeouts++;
        throw error;
      }),
    subscribe: (request, context, signal) => fetcher.subscribe(request, context, signal),
    counts: () => ({
      ...counted,
      state: states[breaker.state],
      inFlight: inFlight - room.executionSlots,
      waiting: waiting - room.queueSlots,
    }),
  };
}

const states: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
};

/** The planner begins every mutation with its name, and nothing else. */
function isMutation({ query }: SubgraphRequest): boolean {
  return query.startsWith('mutation');
}

class ClientLeft extends Error {}

function endedBy(error: unknown, signal: AbortSignal, name: string): never {
  if (!signal.aborted) throw error;
  if (signal.reason instanceof Error && signal.reason.name === 'TimeoutError') throw timeout(error, name);
  throw new ClientLeft('The client has left.', { cause: error });
}

function timeout(cause: unknown, name: string): GraphQLError {
  const originalError = cause instanceof Error ? cause : null;
  return new GraphQLError(`${name} did not answer in time.`, { originalError, extensions: { code: 'TIMEOUT' } });
}

function unavailable(message: string, originalError: Error): GraphQLError {
  return new GraphQLError(message, { originalError, extensions: { code: 'SERVICE_UNAVAILABLE' } });
}

function isOutage({ extensions: { code } }: GraphQLError): boolean {
  return code === 'SERVICE_UNAVAILABLE' || code === 'TIMEOUT' || code === 'DOWNSTREAM_SERVICE_ERROR';
}

/** Not what a subgraph meant to say, and not what we did not even send. */
function isWorthRepeating(error: unknown): boolean {
  if (!(error instanceof GraphQLError)) return !(error instanceof ClientLeft);
  return isOutage(error) && !wasNotSent(error.originalError);
}

function wasNotSent(error: unknown): boolean {
  return isBrokenCircuitError(error) || error instanceof BulkheadRejectedError;
}
