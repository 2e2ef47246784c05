import type { z } from 'zod';

/** What travels: one fact (past tense) or one command (imperative) about one aggregate. */
export interface EventEnvelope {
  /** UUIDv7; consumers deduplicate by it. */
  id: string;
  /** Owner, name and version, e.g. `payments.payment-declined.v1`. */
  type: string;
  aggregateId: string;
  /** Rises by one for each event of an aggregate. */
  aggregateVersion: number;
  /** ISO 8601, UTC. */
  occurredAt: string;
  traceparent: string | null;
  /** The id of the event that this one answers. */
  causationId: string | null;
  data: unknown;
}

/** One contract, declared by its owner. A consumer parses `data` with it before it acts. */
export interface EventContract<T> {
  type: string;
  data: z.ZodType<T>;
}

/** An envelope whose data was parsed. */
export interface ReceivedEvent<T> extends EventEnvelope {
  data: T;
}
