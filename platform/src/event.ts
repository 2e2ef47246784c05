import { z } from 'zod';

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

/** An envelope as it comes back from a store or over the wire. */
export const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  aggregateId: z.string(),
  aggregateVersion: z.int(),
  occurredAt: z.string(),
  traceparent: z.string().nullable(),
  causationId: z.string().nullable(),
  data: z.unknown(),
}) satisfies z.ZodType<EventEnvelope>;

/** One contract, declared by its owner. A consumer parses `data` with it before it acts. */
export interface EventContract<T> {
  type: string;
  data: z.ZodType<T>;
}

/** An envelope whose data was parsed. */
export interface ReceivedEvent<T> extends EventEnvelope {
  data: T;
}
