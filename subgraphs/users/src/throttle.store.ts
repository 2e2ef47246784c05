import { createHash } from 'node:crypto';
import type { Sql } from '@shop/platform/sql';
import { z } from 'zod';
import { FORGET_AFTER_SECONDS, secondsUntilBudget, secondsUntilNextAttempt, WAIT_SECONDS_AFTER } from './sign-in-throttle.js';

/** `ok`, or how many seconds to wait. */
export type Admission = { kind: 'ok' } | { kind: 'wait'; retryAfterSeconds: number };

const ok: Admission = { kind: 'ok' };
const wait = (seconds: number): Admission => ({ kind: 'wait', retryAfterSeconds: Math.max(1, seconds) });

const attemptsRow = z
  .object({ failures: z.number(), last_failed_at: z.coerce.date() })
  .transform((row) => ({ failures: row.failures, lastFailedAt: row.last_failed_at }));

/**
 * Counts an attempt as failed before the password is looked at; `forgetFailures` takes it back. In one statement, so that attempts made
 * at the same time, here or in another process, cannot all see the same free place.
 */
export async function claimAttempt(sql: Sql, email: string, now: Date): Promise<Admission> {
  const claimed = await sql.run(
    `insert into sign_in_failure as f (account_hash, failures, last_failed_at) values ($1, 1, $2::timestamptz)
     on conflict (account_hash) do update
       set failures = case when f.last_failed_at < $2::timestamptz - make_interval(secs => $4) then 1 else f.failures + 1 end,
           last_failed_at = $2::timestamptz
       where f.last_failed_at + make_interval(secs => ($3::int[])[least(f.failures, cardinality($3::int[]))]) <= $2::timestamptz`,
    [accountHash(email), now.toISOString(), WAIT_SECONDS_AFTER, FORGET_AFTER_SECONDS],
  );
  if (claimed === 1) return ok;
  const [attempts] = await sql.rows(attemptsRow, `select failures, last_failed_at from sign_in_failure where account_hash = $1`, [
    accountHash(email),
  ]);
  return wait(attempts ? secondsUntilNextAttempt(attempts, now) : 1);
}

export async function forgetFailures(sql: Sql, email: string): Promise<void> {
  await sql.run(`delete from sign_in_failure where account_hash = $1`, [accountHash(email)]);
}

const budgetRow = z.object({ used_until: z.coerce.date() });

/** Takes one of the `perMinute` places of `key`, e.g. `sign-in 203.0.113.7`. Atomic. */
export async function claimBudget(sql: Sql, key: string, perMinute: number, now: Date): Promise<Admission> {
  const claimed = await sql.run(
    `insert into address_budget as b (key, used_until) values ($1, $2::timestamptz + make_interval(secs => $3::float8))
     on conflict (key) do update set used_until = greatest(b.used_until, $2::timestamptz) + make_interval(secs => $3::float8)
       where greatest(b.used_until, $2::timestamptz) + make_interval(secs => $3::float8) <= $2::timestamptz + interval '60 seconds'`,
    [key, now.toISOString(), 60 / perMinute],
  );
  if (claimed === 1) return ok;
  const [budget] = await sql.rows(budgetRow, `select used_until from address_budget where key = $1`, [key]);
  return wait(budget ? secondsUntilBudget(budget.used_until, now, perMinute) : 1);
}

/** An address that nobody has an account with is counted too, and needs no plain text here. */
function accountHash(email: string): Buffer {
  return createHash('sha256').update(email).digest();
}
