import type { ExecutionResult, GraphQLError } from 'graphql';
import type { SubgraphAnswer } from '../subgraph-fetcher.js';
import type { GraphOperation } from '../graph-engine.js';
import type { BackOff } from './back-off.js';
import type { EventMarks } from './primary-request.js';

/** What came from the primary subgraph. */
export interface LiveEvent extends EventMarks {
  answer: SubgraphAnswer;
  /** What was made of it last, while that is fresh. */
  made: { by: object; answer: LiveAnswer; atMs: number } | null;
}

/** What was made of it, the same for everybody who asked alike. */
export interface LiveAnswer extends EventMarks {
  /** An execution result in JSON. */
  text: string;
  /** Of two answers with the same key that a client has not taken yet, the older need not be sent any more. */
  key: string | null;
}

export type LiveEnd = { kind: 'completed' } | { kind: 'failed'; error: GraphQLError };

/** Somebody who follows a subscription. Neither function may throw or wait. */
export interface LiveClient {
  next(answer: LiveAnswer): void;
  /** Nothing comes after it. Not called for who left. */
  end(how: LiveEnd): void;
}

export interface LiveHubOptions<C> {
  /** The same for contexts that see the same: only those share anything. */
  scopeOf(context: C): string;
  /** The context of a subscription for one more call: with a deadline that begins now. */
  freshContext(context: C): C;
  /** How long an event may take to be completed over the other subgraphs. */
  eventTimeoutMs: number;
  /** Hears of every event that is dropped in favour of a later one before it was completed. */
  conflated?(operation: GraphOperation): void;
  /** An answer as clients get it. */
  write(result: ExecutionResult): string;
  backOff?: BackOff;
  /** At least 0 and under 1; Math.random when left out. */
  random?(): number;
}
