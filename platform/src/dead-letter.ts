import { z } from 'zod';
import type { Sql } from './sql.js';
import { eventSchema, type EventEnvelope } from './event.js';

const letterRow = z
  .object({
    consumer: z.string(),
    event_id: z.string(),
    event: eventSchema.omit({ id: true }),
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
export type DeadLetter = z.output<typeof letterRow>;

/** Puts an event aside as a dead letter of `consumer`; what `startConsumer` does, and what a consumer without an inbox does by itself. Repeatable: attempts add up. */
export async function parkEvent(sql: Sql, consumer: string, event: EventEnvelope, error: unknown, attempts: number): Promise<void> {
  await sql.run(
    `insert into dead_letter (consumer, event_id, event, error, attempts) values ($1, $2, $3, $4, $5)
     on conflict (consumer, event_id) do update set error = excluded.error, attempts = dead_letter.attempts + excluded.attempts, last_at = now()`,
    [consumer, event.id, JSON.stringify(event), String(error).slice(0, 2000), attempts],
  );
}

/** Oldest first, at most 1,000. Leaves out those that their consumer has handled since. */
export function deadLetters(sql: Sql): Promise<DeadLetter[]> {
  return sql.rows(
    letterRow,
    `select consumer, event_id, event, error, attempts, first_at, last_at from dead_letter d
     where not exists (select from inbox i where i.consumer = d.consumer and i.event_id = d.event_id) order by first_at limit 1000`,
  );
}

/** False when it was parked again since it was read, or is gone: then it stays as it is. */
export async function forgetDeadLetter(sql: Sql, { consumer, event, attempts }: DeadLetter): Promise<boolean> {
  const statement = `delete from dead_letter where consumer = $1 and event_id = $2 and attempts = $3`;
  return (await sql.run(statement, [consumer, event.id, attempts])) > 0;
}
