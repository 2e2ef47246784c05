import { beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Database } from '@shop/platform/database';
import { startLease, type Lease } from '@shop/platform/lease';
import { markSent } from '@shop/platform/outbox';
import { openTestDatabase } from '@shop/tests/kit/database';
import { quietLogger } from '@shop/tests/kit/subgraph';

const happened = { type: 'tests.happened.v1', data: z.object({}) };

let db: Database;

beforeAll(async () => {
  const opened = await openTestDatabase();
  db = opened.db;
  return () => opened[Symbol.asyncDispose]();
});
const lease = (name: string, ttlMs = 60_000) => startLease({ db, name, logger: quietLogger, ttlMs });
const fenceOf = (of: Lease) => vi.waitFor(() => expect(of.fence).toBeTypeOf('number'), { timeout: 30_000 }).then(() => of.fence);
const expiryOf = async (name: string) => {
  const [row] = await db.rows(z.object({ expires_at: z.coerce.date() }), 'select expires_at from lease where name = $1', [name]);
  return row?.expires_at.getTime() ?? 0;
};
const expire = (name: string) => db.run(`update lease set expires_at = now() where name = $1`, [name]);

it('is held by one of two, and by the other as soon as the first gives it back, with a higher number', async () => {
  const first = lease('given-back', 1_500);
  expect(await fenceOf(first)).toBe(1);
  await using second = lease('given-back', 1_500);
  let isTaken = false;
  second.onTaken(() => (isTaken = true));
  expect([first.fence, second.fence, isTaken]).toEqual([1, null, false]);
  await first[Symbol.asyncDispose]();
  expect(first.fence).toBeNull();
  expect(await fenceOf(second)).toBe(2);
  expect(isTaken).toBe(true);
});

it('is kept for as long as its holder renews it', async () => {
  await using holder = lease('renewed', 1_500);
  await fenceOf(holder);
  await using other = lease('renewed', 1_500);
  const began = await expiryOf('renewed');
  await vi.waitFor(async () => expect(await expiryOf('renewed')).toBeGreaterThan(began + 2_000), { timeout: 30_000 });
  expect([await fenceOf(holder), other.fence]).toEqual([1, null]);
});

it('lost to another process, its old number marks nothing as sent any more', async () => {
  await using silent = lease('relay');
  const old = await fenceOf(silent);
  await db.transaction(async (tx) => tx.emit(happened, { aggregateId: 'a' }, {}));
  const [row] = await db.rows(z.object({ position: z.coerce.number() }), 'select position from outbox');
  await expire('relay');
  await using successor = lease('relay');
  const current = await fenceOf(successor);
  const sent = [{ position: row?.position ?? 0, asked: 0 }];
  expect(await markSent(db, sent, { lease: 'relay', number: old ?? 0 })).toBe(0);
  expect(await markSent(db, sent, { lease: 'relay', number: current ?? 0 })).toBe(1);
});
