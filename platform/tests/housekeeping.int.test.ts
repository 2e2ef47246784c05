import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '@shop/platform/database';
import type { EventEnvelope } from '@shop/platform/event';
import { startHousekeeping } from '@shop/platform/housekeeping';
import { claimIdempotent, completeIdempotent } from '@shop/platform/idempotency';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import { startRelay } from '@shop/platform/relay';
import { openTestDatabase } from '@shop/tests/kit/database';
import { quietLogger } from '@shop/tests/kit/subgraph';

const happened = { type: 'tests.happened.v1', data: z.object({}) };

describe('housekeeping', () => {
  let db: Database;

  beforeEach(async () => {
    const opened = await openTestDatabase();
    db = opened.db;
    return () => opened[Symbol.asyncDispose]();
  });
  const sweep = async (own: Parameters<typeof startHousekeeping>[2] = []) => {
    await using housekeeping = startHousekeeping(db, quietLogger, own);
    const deleted = await housekeeping.drain();
    return { deleted, again: await housekeeping.drain() };
  };
  const emit = (aggregateId: string) => db.transaction(async (tx) => tx.emit(happened, { aggregateId }, {}));

  it('works off more than a batch, and what the subgraph adds', async () => {
    await db.run(`insert into inbox select 'old', gen_random_uuid(), now() - interval '31 days' from generate_series(1, 2345)`);
    await db.run(`insert into inbox values ('new', $1, now() - interval '29 days')`, [newId()]);
    let own = 3;
    expect(await sweep([async () => (own > 0 ? own-- && 1 : 0)])).toEqual({ deleted: 2348, again: 0 });
    expect(await db.rows(z.object({ consumer: z.string() }), `select consumer from inbox`)).toEqual([{ consumer: 'new' }]);
  });

  it('deletes sent events after a week, never one that still waits, and leaves the versions of an aggregate going on', async () => {
    for (const aggregate of ['a', 'a', 'a', 'waiting', 'waiting', 'recent', 'recent']) await emit(aggregate);
    await db.run(`update outbox set sent_at = now() - interval '8 days' where aggregate_id = 'a'`);
    await db.run(`update outbox set sent_at = now() - interval '6 days' where aggregate_id = 'recent'`);
    expect(await sweep()).toEqual({ deleted: 2, again: 0 });
    const left = z.object({ aggregate_id: z.string(), aggregate_version: z.number() });
    expect(await db.rows(left, `select aggregate_id, aggregate_version from outbox order by aggregate_id, aggregate_version`)).toEqual([
      { aggregate_id: 'a', aggregate_version: 3 },
      ...[1, 2].map((aggregate_version) => ({ aggregate_id: 'recent', aggregate_version })),
      ...[1, 2].map((aggregate_version) => ({ aggregate_id: 'waiting', aggregate_version })),
    ]);
    await using bus = inProcessBus({ logger: quietLogger });
    const heard: EventEnvelope[] = [];
    bus.listen([happened.type], (event) => heard.push(event));
    await using relay = startRelay({ name: 'tests', db, bus, logger: quietLogger });
    await emit('a');
    while ((await relay.drain()) > 0);
    const about = (aggregate: string) => heard.filter((event) => event.aggregateId === aggregate).map((event) => event.aggregateVersion);
    expect([about('a'), about('waiting')]).toEqual([[4], [1, 2]]);
  });

  it('frees idempotency keys after a week, but not of a request that is running or that must never take effect again', async () => {
    const keys = ['old', 'recent', 'kept', 'running'].map((key) => ({ scope: 'tests', key }));
    for (const key of keys) await claimIdempotent(db, key, {}, AbortSignal.any([]));
    for (const key of keys.slice(0, 3)) await completeIdempotent(db, key, { done: true }, key.key === 'kept');
    await db.run(`update idempotency set created_at = now() - interval '8 days' where key in ('old', 'kept', 'running')`);
    expect(await sweep()).toEqual({ deleted: 1, again: 0 });
    const claims = await Promise.all(keys.slice(0, 3).map((key) => claimIdempotent(db, key, {}, AbortSignal.any([]))));
    expect(claims.map(({ kind }) => kind)).toEqual(['first', 'replay', 'replay']);
  });
});
