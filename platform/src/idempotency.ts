import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Database } from './database.js';
import type { Sql } from './sql.js';
import { pause } from './lifecycle.js';

/** Whose key it is: two people, or two operations, may use the same key without meeting. */
export interface IdempotencyKey {
  /** Viewer and operation, e.g. `user:42/checkout`. */
  scope: string;
  /** 1 to 255 characters, chosen by the client. */
  key: string;
}

export type IdempotencyClaim =
  | { kind: 'first' }
  /** Done before with an equal request: answer with the same. */
  | { kind: 'replay'; response: unknown }
  /** Used before with another request. */
  | { kind: 'mismatch' }
  /** Still being worked on after the wait. */
  | { kind: 'in-progress' };

/** A running request holds its key so long; after a crash the key is free again. */
const LOCK_MS = 10_000;

const claimRow = z.object({ request_hash: z.string(), response: z.unknown(), taken: z.boolean(), is_locked: z.boolean() });

/**
 * Takes the key for this request, or tells what became of it. While an equal request is running elsewhere it waits up to `waitMs` for the
 * answer. After `first` the caller must `completeIdempotent` in its transaction, or `releaseIdempotent` when nothing was done.
 */
export async function claimIdempotent(
  db: Database,
  id: IdempotencyKey,
  request: unknown,
  signal: AbortSignal,
  waitMs = 5_000,
): Promise<IdempotencyClaim> {
  const hash = requestHash(request);
  for (let waited = 0; ; waited += 25) {
    const claim = await tryClaim(db, id, hash);
    if (claim.kind !== 'in-progress' || waited >= waitMs || signal.aborted) return claim;
    await pause(25, signal);
  }
}

/**
 * Stores the answer inside the business transaction, so that effect and answer exist together. With `isKept` housekeeping never forgets
 * it: for a request that must not take effect again however late it is repeated.
 */
export async function completeIdempotent(sql: Sql, { scope, key }: IdempotencyKey, response: unknown, isKept = false): Promise<void> {
  await sql.run(`update idempotency set response = $3, is_kept = $4 where scope = $1 and key = $2`, [
    scope,
    key,
    JSON.stringify(response),
    isKept,
  ]);
}

/** Frees a key whose request had no effect (bad input, an empty cart), so that a corrected request may use it. */
export async function releaseIdempotent(sql: Sql, { scope, key }: IdempotencyKey): Promise<void> {
  await sql.run(`delete from idempotency where scope = $1 and key = $2 and response is null`, [scope, key]);
}

/** Deletes keys that were first used more than `keepDays` days ago, at most `limit`, and returns how many. They may be used anew then. */
export function purgeIdempotent(sql: Sql, keepDays: number, limit: number): Promise<number> {
  return sql.run(
    `delete from idempotency where (scope, key) in (
       select scope, key from idempotency
       where created_at < now() - make_interval(days => $1) and not is_kept and (response is not null or locked_until < now())
       order by created_at limit $2)`,
    [keepDays, limit],
  );
}

async function tryClaim(db: Database, { scope, key }: IdempotencyKey, hash: string): Promise<IdempotencyClaim> {
  const inserted = await db.run(
    `insert into idempotency (scope, key, request_hash, locked_until) values ($1, $2, $3, now() + make_interval(secs => $4))
     on conflict (scope, key) do update set locked_until = excluded.locked_until
       where idempotency.response is null and idempotency.locked_until < now() and idempotency.request_hash = excluded.request_hash`,
    [scope, key, hash, LOCK_MS / 1000],
  );
  if (inserted === 1) return { kind: 'first' };
  const [row] = await db.rows(
    claimRow,
    `select request_hash, response, response is not null as taken, locked_until > now() as is_locked from idempotency where scope = $1 and key = $2`,
    [scope, key],
  );
  if (!row) return { kind: 'in-progress' };
  if (row.request_hash !== hash) return { kind: 'mismatch' };
  return row.taken ? { kind: 'replay', response: row.response } : { kind: 'in-progress' };
}

/** Equal for equal requests, whatever the order of their fields. */
function requestHash(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request, sortedKeys)).digest('base64url');
}

function sortedKeys(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
