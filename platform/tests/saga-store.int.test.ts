import { z } from 'zod';
import { beforeAll, expect, it } from 'vitest';
import { manualClock } from '@shop/platform/clock';
import type { Database } from '@shop/platform/database';
import { sagaStore, startSagaTimers } from '@shop/platform/saga-store';
import { openTestDatabase } from '@shop/tests/kit/database';
import { quietLogger } from '@shop/tests/kit/subgraph';

const store = sagaStore('journey', z.object({ step: z.string() }));
const clock = manualClock(new Date('2026-01-01T00:00:00Z'));
let db: Database;

beforeAll(async () => {
  const opened = await openTestDatabase();
  db = opened.db;
  return () => opened[Symbol.asyncDispose]();
});

const inMinutes = (minutes: number) => new Date(clock.now().getTime() + minutes * 60_000);

it('keeps the state of each saga', async () => {
  await db.transaction(async (tx) => store.save(tx, 'a', { step: 'one' }, null));
  await db.transaction(async (tx) => store.save(tx, 'a', { step: 'two' }, null));
  expect(await db.transaction((tx) => store.load(tx, 'a'))).toEqual({ step: 'two' });
  expect(await db.transaction((tx) => store.load(tx, 'nobody'))).toBeNull();
});

it('wakes each saga once after its deadline, and not before, also with two timers at work', async () => {
  for (const [id, minutes] of [
    ['soon', 1],
    ['later', 10],
    ['never', null],
  ] as const) {
    await db.transaction((tx) => store.save(tx, id, { step: 'waiting' }, minutes === null ? null : inMinutes(minutes)));
  }
  const woken: string[] = [];
  const timers = () =>
    startSagaTimers({
      db,
      type: 'journey',
      logger: quietLogger,
      everyMs: 3_600_000,
      now: clock.now,
      onExpired: async (id) => void woken.push(id),
    });
  await using one = timers();
  await using two = timers();
  await Promise.all([one.drain(), two.drain()]);
  expect(woken).toEqual([]);
  clock.advance(5 * 60_000);
  await Promise.all([one.drain(), two.drain()]);
  expect(woken).toEqual(['soon']);
  clock.advance(60 * 60_000);
  await Promise.all([one.drain(), two.drain()]);
  expect(woken).toEqual(['soon', 'later']);
});

it('asks again when what it woke fails', async () => {
  await db.transaction((tx) => store.save(tx, 'shaky', { step: 'waiting' }, inMinutes(-1)));
  let tries = 0;
  await using timers = startSagaTimers({
    db,
    type: 'journey',
    logger: quietLogger,
    everyMs: 3_600_000,
    now: clock.now,
    onExpired: async () => {
      tries++;
      if (tries === 1) throw new Error('not yet');
    },
  });
  await expect(timers.drain()).rejects.toThrow('not yet');
  await timers.drain();
  expect(tries).toBe(2);
});
