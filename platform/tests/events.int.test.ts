import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startConsumer, when } from '@shop/platform/consumer';
import type { Database } from '@shop/platform/database';
import { deadLetters } from '@shop/platform/dead-letter';
import type { EventEnvelope } from '@shop/platform/event';
import { inProcessBus } from '@shop/platform/in-process-bus';
import { countUnsent } from '@shop/platform/outbox';
import { startRelay } from '@shop/platform/relay';
import { openTestDatabase } from '@shop/tests/kit/database';
import { quietLogger } from '@shop/tests/kit/subgraph';

const counted = { type: 'tests.counted.v1', data: z.object({ n: z.int() }) };
const echoed = { type: 'tests.echoed.v1', data: z.object({ n: z.int() }) };

let db: Database;

beforeAll(async () => {
  const opened = await openTestDatabase();
  db = opened.db;
  await db.run('create table tally (n int not null)');
  return () => opened[Symbol.asyncDispose]();
});

function setUp() {
  const bus = inProcessBus({ logger: quietLogger, backoffMs: [1] });
  const relay = startRelay({ name: 'tests', db, bus, logger: quietLogger });
  return { bus, relay };
}

async function drain(relay: { drain(): Promise<number> }) {
  while ((await relay.drain()) > 0 || (await countUnsent(db)) > 0);
}

describe('events between subgraphs', () => {
  it('arrive in order per aggregate, and an event emitted by a handler is sent too', async () => {
    await using disposables = new AsyncDisposableStack();
    const { bus, relay } = setUp();
    disposables.use(relay);
    const heard: EventEnvelope[] = [];
    bus.listen([counted.type, echoed.type], (event) => heard.push(event));
    disposables.use(
      startConsumer({
        name: 'tally',
        db,
        bus,
        services: {},
        subscriptions: [
          when(counted, async ({ data, id, aggregateId }, tx) =>
            tx.emit(echoed, { aggregateId: `echo-${aggregateId}`, causationId: id }, data),
          ),
        ],
      }),
    );
    await db.transaction(async (tx) => {
      for (let n = 0; n < 5; n++) tx.emit(counted, { aggregateId: 'a' }, { n });
    });
    await db.transaction(async (tx) => tx.emit(counted, { aggregateId: 'a' }, { n: 5 }));
    await drain(relay);
    const of = (type: string) => heard.filter((event) => event.type === type);
    expect(of(counted.type).map(({ data, aggregateVersion }) => [data, aggregateVersion])).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => [{ n }, n + 1]),
    );
    expect(of(echoed.type).map(({ causationId }) => causationId)).toEqual(of(counted.type).map(({ id }) => id));
  });

  it('wait until every consumer is there, and when the first one leaves', async () => {
    await using disposables = new AsyncDisposableStack();
    const bus = inProcessBus({ logger: quietLogger, startsClosed: true });
    const relay = disposables.use(startRelay({ name: 'tests', db, bus, logger: quietLogger }));
    const emit = (n: number) => db.transaction(async (tx) => tx.emit(counted, { aggregateId: 'late' }, { n }));
    const heard: unknown[] = [];
    await emit(1);
    await relay.drain();
    disposables.use(
      startConsumer({ name: 'late', db, bus, services: {}, subscriptions: [when(counted, async ({ data }) => void heard.push(data.n))] }),
    );
    await relay.drain();
    expect(heard).toEqual([]);
    bus.open();
    await drain(relay);
    expect(heard).toEqual([1]);
    await bus[Symbol.asyncDispose]();
    await emit(2);
    await relay.drain();
    expect(heard).toEqual([1]);
    expect(await countUnsent(db)).toBe(1);
    await db.run(`delete from outbox where aggregate_id = 'late'`);
  });

  it('take effect once when they are delivered twice', async () => {
    await using disposables = new AsyncDisposableStack();
    const { bus, relay } = setUp();
    disposables.use(relay);
    disposables.use(
      startConsumer({
        name: 'twice',
        db,
        bus,
        services: {},
        subscriptions: [when(echoed, async ({ data }, tx) => void (await tx.run('insert into tally values ($1)', [data.n])))],
      }),
    );
    let seen: EventEnvelope | undefined;
    bus.listen([echoed.type], (event) => (seen = event));
    await db.transaction(async (tx) => tx.emit(echoed, { aggregateId: 'b' }, { n: 42 }));
    await drain(relay);
    if (seen) await bus.publish(seen);
    expect(await db.rows(z.object({ n: z.number() }), 'select n from tally where n = 42')).toEqual([{ n: 42 }]);
  });

  it('are put aside after six deliveries, so that the rest flows on', async () => {
    await using disposables = new AsyncDisposableStack();
    const { bus, relay } = setUp();
    disposables.use(relay);
    let deliveries = 0;
    disposables.use(
      startConsumer({
        name: 'poisoned',
        db,
        bus,
        services: {},
        subscriptions: [
          when(counted, async () => {
            deliveries++;
            throw new Error('poison');
          }),
        ],
      }),
    );
    await db.transaction(async (tx) => tx.emit(counted, { aggregateId: 'c' }, { n: 1 }));
    await drain(relay);
    expect(deliveries).toBe(6);
    expect(await deadLetters(db)).toMatchObject([{ consumer: 'poisoned', error: 'Error: poison', attempts: 6 }]);
  });

  it('are not sent when the transaction is rolled back', async () => {
    await using disposables = new AsyncDisposableStack();
    const { relay, bus } = setUp();
    disposables.use(relay);
    const heard: EventEnvelope[] = [];
    bus.listen([counted.type], (event) => heard.push(event));
    const failing = db.transaction(async (tx) => {
      tx.emit(counted, { aggregateId: 'd' }, { n: 1 });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await drain(relay);
    expect(heard).toEqual([]);
  });
});
