import { z } from 'zod';
import type { Sql } from './sql.js';
import type { EventEnvelope } from './event.js';
import { newId } from './ids.js';

export interface OutboxEntry {
  type: string;
  aggregateId: string;
  causationId?: string | null;
  traceparent?: string | null;
  data: unknown;
}

/**
 * Appends events inside the caller's transaction: they exist when, and only when, the state change does. Versions of one aggregate
 * have no gap; two writers of one aggregate must hold its row lock, else the second fails on the unique key. Returns them as stored.
 */
export async function appendToOutbox(sql: Sql, entries: readonly OutboxEntry[]): Promise<UnsentEvent[]> {
  const column = <T>(pick: (entry: OutboxEntry, index: number) => T) => entries.map(pick);
  const ids = entries.map(() => newId());
  const seen = new Map<string, number>();
  const offsets = entries.map(({ aggregateId }) => {
    const offset = (seen.get(aggregateId) ?? 0) + 1;
    seen.set(aggregateId, offset);
    return offset;
  });
  const rows = await sql.rows(
    appendedRow,
    `insert into outbox (id, type, aggregate_id, aggregate_version, data, causation_id, traceparent)
     select e.id, e.type, e.aggregate_id,
            e.step + coalesce((select max(o.aggregate_version) from outbox o where o.aggregate_id = e.aggregate_id), 0),
            e.data, e.causation_id, e.traceparent
     from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::jsonb[], $6::uuid[], $7::text[])
          with ordinality as e (id, type, aggregate_id, step, data, causation_id, traceparent, place)
     order by e.place
     returning id, position, aggregate_version, occurred_at`,
    [
      ids,
      column((e) => e.type),
      column((e) => e.aggregateId),
      offsets,
      column((e) => JSON.stringify(e.data)),
      column((e) => e.causationId ?? null),
      column((e) => e.traceparent ?? null),
    ],
  );
  const stored = new Map(rows.map((row) => [row.id, row]));
  return entries.flatMap(({ type, aggregateId, traceparent = null, causationId = null, data }, place) => {
    const row = stored.get(ids[place] ?? '');
    if (!row) return [];
    const occurredAt = row.occurred_at.toISOString();
    const event = { id: row.id, type, aggregateId, aggregateVersion: row.aggregate_version, occurredAt, traceparent, causationId, data };
    return [{ position: row.position, asked: 0, event }];
  });
}

const appendedRow = z.object({ id: z.string(), position: z.coerce.number(), aggregate_version: z.number(), occurred_at: z.coerce.date() });

const outboxRow = z
  .object({
    position: z.coerce.number(),
    attempts: z.number(),
    id: z.string(),
    type: z.string(),
    aggregate_id: z.string(),
    aggregate_version: z.number(),
    data: z.unknown(),
    causation_id: z.string().nullable(),
    traceparent: z.string().nullable(),
    occurred_at: z.coerce.date(),
  })
  .transform((row) => ({
    position: row.position,
    /** How often it was to be sent again, when it was read. */
    asked: row.attempts,
    event: {
      id: row.id,
      type: row.type,
      aggregateId: row.aggregate_id,
      aggregateVersion: row.aggregate_version,
      occurredAt: row.occurred_at.toISOString(),
      traceparent: row.traceparent,
      causationId: row.causation_id,
      data: row.data,
    } satisfies EventEnvelope,
  }));

export type UnsentEvent = z.output<typeof outboxRow>;

/**
 * The oldest unsent events whose aggregate is not in `busyAggregates`. Chosen by state, never by "position above the last one seen":
 * two writers may commit out of sequence.
 */
export function readUnsent(sql: Sql, busyAggregates: readonly string[], limit: number): Promise<UnsentEvent[]> {
  return sql.rows(
    outboxRow,
    `select position, attempts, id, type, aggregate_id, aggregate_version, data, causation_id, traceparent, occurred_at
     from outbox where sent_at is null and aggregate_id <> all($1::text[]) order by position limit $2`,
    [busyAggregates, limit],
  );
}

/**
 * Returns how many were marked: not those that were to be sent again since they were read, and none when `fence` is given and the lease of
 * that name has been taken by another process since.
 */
export function markSent(
  sql: Sql,
  sent: readonly Pick<UnsentEvent, 'position' | 'asked'>[],
  fence: { lease: string; number: number } | null = null,
): Promise<number> {
  const mark = `update outbox o set sent_at = now() from unnest($1::bigint[], $2::int[]) as sent (position, asked)
     where o.position = sent.position and o.attempts = sent.asked`;
  const rows = [sent.map(({ position }) => position), sent.map(({ asked }) => asked)];
  if (!fence) return sql.run(mark, rows);
  return sql.run(`${mark} and exists (select from lease where name = $3 and fence = $4)`, [...rows, fence.lease, fence.number]);
}

/**
 * Lets everything be sent again that happened at `since` or later, in its order; also what a relay is sending at this moment. Repeatable;
 * returns how many events that are. Consumers know what they have handled.
 */
export function sendAgainSince(sql: Sql, since: Date): Promise<number> {
  return sql.run(`update outbox set sent_at = null, attempts = attempts + 1 where occurred_at >= $1`, [since]);
}

/** Lets one event be sent again, as the newest of its aggregate; also one that the outbox has forgotten. */
export async function sendAgain(sql: Sql, event: EventEnvelope): Promise<void> {
  // In a new place: a relay that has sent it just now is about to mark the old one.
  if ((await sql.run(`update outbox set sent_at = null, position = default where id = $1`, [event.id])) > 0) return;
  await sql.run(
    `insert into outbox (id, type, aggregate_id, aggregate_version, data, causation_id, traceparent, occurred_at)
     select $1, $2, $3, 1 + coalesce((select max(aggregate_version) from outbox where aggregate_id = $3), 0), $4, $5, $6, $7`,
    [event.id, event.type, event.aggregateId, JSON.stringify(event.data), event.causationId, event.traceparent, event.occurredAt],
  );
}

/** How many events wait to be sent. */
export async function countUnsent(sql: Sql): Promise<number> {
  const [row] = await sql.rows(z.object({ n: z.coerce.number() }), `select count(*) as n from outbox where sent_at is null`);
  return row?.n ?? 0;
}

/**
 * Deletes events that were sent more than `keepDays` days ago, at most `limit`; returns how many. The newest of each aggregate stays however
 * old it is: the aggregate's versions go on from it.
 */
export function purgeSent(sql: Sql, keepDays: number, limit: number): Promise<number> {
  return sql.run(
    `delete from outbox where position in (
       select o.position from outbox o
       where o.sent_at < now() - make_interval(days => $1)
         and exists (select from outbox newer where newer.aggregate_id = o.aggregate_id and newer.aggregate_version > o.aggregate_version)
       order by o.sent_at limit $2)`,
    [keepDays, limit],
  );
}
