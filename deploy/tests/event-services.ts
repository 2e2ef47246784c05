import { runEvents } from '@shop/deploy/events/run-events';
import { startConsumer, when } from '@shop/platform/consumer';
import { openDatabase, type Database } from '@shop/platform/database';
import type { EventBus } from '@shop/platform/event-bus';
import { RELAY_LEASE, startRelay } from '@shop/platform/relay';
import { startLease } from '@shop/platform/lease';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { quietLogger } from '@shop/tests/kit/subgraph';
import { z } from 'zod';

export const placed = { type: 'orders.placed.v1', data: z.object({ n: z.int() }) };

/** Two services: orders sends, inventory writes down what it hears. */
export interface TwoServices extends AsyncDisposable {
  orders: Database;
  inventory: Database;
  /** What makes inventory's handler fail; null: nothing. */
  fault: Error | null;
  emit(aggregateId: string, ...numbers: number[]): Promise<void>;
  heard(aggregateId: string): Promise<number[]>;
  /** Runs `npm run events -- line` on both databases. */
  run(line: string, more?: Record<string, string>): Promise<{ code: number; said: string[]; complained: string[] }>;
}

export async function startTwoServices(bus: EventBus): Promise<TwoServices> {
  const places = [await createTestDatabase(), await createTestDatabase()] as const;
  const [orders, inventory] = [await openAt(places[0].url), await openAt(places[1].url)];
  await inventory.run('create table heard (place bigint generated always as identity, aggregate_id text not null, n int not null)');
  const lease = bus.isShared ? startLease({ db: orders, name: RELAY_LEASE, logger: quietLogger }) : null;
  const relay = startRelay({ name: 'orders', db: orders, bus, logger: quietLogger, lease });
  const services: TwoServices = {
    orders,
    inventory,
    fault: null,
    emit: (aggregateId, ...numbers) => orders.transaction(async (tx) => numbers.forEach((n) => tx.emit(placed, { aggregateId }, { n }))),
    heard: async (aggregateId) => {
      const row = z.object({ n: z.number() });
      const rows = await inventory.rows(row, 'select n from heard where aggregate_id = $1 order by place', [aggregateId]);
      return rows.map(({ n }) => n);
    },
    run: async (line, more = {}) => {
      const [said, complained]: [string[], string[]] = [[], []];
      const voice = { say: (text: string) => void said.push(text), complain: (text: string) => void complained.push(text) };
      const environment = { ORDERS_DATABASE_URL: places[0].url, INVENTORY_DATABASE_URL: places[1].url, ...more };
      const code = await runEvents(line.split(' '), environment, voice);
      return { code, said, complained };
    },
    [Symbol.asyncDispose]: async () => {
      await relay[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      for (const db of [orders, inventory]) await db[Symbol.asyncDispose]();
      for (const place of places) await place[Symbol.asyncDispose]();
    },
  };
  const write = when<{ n: number }, object>(placed, async ({ aggregateId, data }, tx) => {
    if (services.fault) throw services.fault;
    await tx.run('insert into heard (aggregate_id, n) values ($1, $2)', [aggregateId, data.n]);
  });
  startConsumer({ name: 'inventory', db: inventory, bus, services: {}, subscriptions: [write] });
  return services;
}

async function openAt(url: string): Promise<Database> {
  const db = await openDatabase({ url, entities: [], migrations: [] });
  await db.migrate();
  return db;
}
