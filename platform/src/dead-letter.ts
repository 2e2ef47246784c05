import { z } from 'zod';
import type { Sql } from './database.js';
import type { EventEnvelope } from './event.js';

const letterRow = z
  .object({
    consumer: z.string(),
    event_id: z.string(),
    event: z.looseObject({
      type: z.string(),
      aggregateId: z.string(),
      aggregateVersion: z.number(),
      occurredAt: z.string(),
      traceparent: z.string().nullable(),
      causationId: z.string().nullable(),
      data: z.unknown(),
    }),
    error: z.string(),
    attempts: z.number(),
    first_at: z.coerce.date(),
    last_at: z.coerce.date(),
  })
  .transform(({ event_id, event, first_at, last_at, ...row }) => ({
    ...row,
    event: { ...event, id: event_id } satisfies EventEnvelope,
    firstAt: first_at,
    lastAt: last_at,
  }));

/** An event that was put aside, with the last error. */
export type ParkedEvent = z.output<typeof letterRow>;

/** Oldest first, at most 1,000. Leaves out those that their consumer has handled since. */
export function parkedEvents(sql: Sql): Promise<ParkedEvent[]> {
  return sql.rows(
    letterRow,
    `select consumer, event_id, event, error, attempts, first_at, last_at from dead_letter d
     where not exists (select from inbox i where i.consumer = d.consumer and i.event_id = d.event_id) order by first_at limit 1000`,
  );
}

/** False when it was parked again since it was read, or is gone: then it stays as it is. */
export async function forgetParked(sql: Sql, { consumer, event, attempts }: ParkedEvent): Promise<boolean> {
  const statement = `delete from dead_letter where consumer = $1 and event_id = $2 and attempts = $3`;
  return (await sql.run(statement, [consumer, event.id, attempts])) > 0;
}
