import { commitStock, releaseStock, reserveStock } from '@shop/events/inventory';
import { manualClock, type Clock } from '@shop/platform/clock';
import { openDatabase, type Database } from '@shop/platform/database';
import type { EventBus } from '@shop/platform/event-bus';
import type { EventContract, EventEnvelope } from '@shop/platform/event';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { eventOf } from '@shop/tests/kit/event';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { as, dataOf, quietLogger, settle, TEST_SECRET, userViewer } from '@shop/tests/kit/subgraph';
import { z } from 'zod';
import { startInventory } from '../src/subgraph.js';
import type { InventoryConfig } from '../src/subgraph.js';

export const staff = userViewer('staff', ['stock:read', 'stock:write'], ['staff-stock']);

/** One inventory with a clock that stands still, a bus of its own, and all that it said. */
export interface TestInventory extends AsyncDisposable {
  inventory: RunningSubgraph;
  bus: EventBus;
  clock: Clock & { advance(ms: number): void };
  /** For looking behind the doors. */
  db: Database;
  databaseUrl: string;
  /** Lets it finish, then gives what it emitted of a contract, oldest first. */
  said<T>(contract: EventContract<T>): Promise<T[]>;
  /** Delivers a command; returns its event, so that it can be delivered again. */
  reserve(orderId: string, lines: { sku: string; quantity: number }[]): Promise<EventEnvelope>;
  commit(orderId: string): Promise<EventEnvelope>;
  release(orderId: string, reason?: string): Promise<EventEnvelope>;
  /** Puts goods on a shelf as staff does. */
  receive(sku: string, quantity: number, warehouseCode?: string): Promise<void>;
}

export async function startTestInventory(config: Partial<InventoryConfig> = {}): Promise<TestInventory> {
  const place = await createTestDatabase();
  const bus = inProcessBus({ logger: quietLogger, backoffMs: [1] });
  const clock = manualClock(new Date('2026-01-05T10:00:00Z'));
  const inventory = await startInventory(
    { databaseUrl: place.url, envelopeSecrets: [TEST_SECRET], ...config },
    { bus, logger: quietLogger, clock },
  );
  const db = await openDatabase({ url: place.url, entities: [], migrations: [], poolSize: 2 });
  const send = async <T>(contract: EventContract<T>, orderId: string, data: T) => {
    const event = eventOf(contract, orderId, data, { at: clock.now() });
    await bus.publish(event);
    return event;
  };
  return {
    inventory,
    bus,
    clock,
    db,
    databaseUrl: place.url,
    said: async (contract) => {
      await settle([inventory]);
      const rows = await db.rows(z.object({ data: contract.data }), 'select data from outbox where type = $1 order by position', [
        contract.type,
      ]);
      return rows.map(({ data }) => data);
    },
    reserve: (orderId, lines) => send(reserveStock, orderId, { orderId, lines }),
    commit: (orderId) => send(commitStock, orderId, { orderId }),
    release: (orderId, reason = 'PAYMENT_DECLINED') => send(releaseStock, orderId, { orderId, reason }),
    receive: async (sku, quantity, warehouseCode = 'BER') => {
      const input = { sku, quantity, warehouseCode, reference: 'delivery', idempotencyKey: newId() };
      const { receiveStock } = await dataOf(
        as(inventory, staff)(`mutation ($input: ReceiveStockInput!) { receiveStock(input: $input) { __typename } }`, { input }),
      );
      z.object({ __typename: z.literal('InventoryPayload') }).parse(receiveStock);
    },
    [Symbol.asyncDispose]: async () => {
      await inventory[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

const numbers = z.object({ on_hand: z.number(), reserved: z.number() });

/** Over all warehouses. */
export async function shelf({ db }: TestInventory, sku: string): Promise<{ onHand: number; reserved: number }> {
  const [row] = await db.rows(
    numbers,
    `select coalesce(sum(on_hand), 0)::int as on_hand, coalesce(sum(reserved), 0)::int as reserved from stock_level where sku = $1`,
    [sku],
  );
  return { onHand: row?.on_hand ?? 0, reserved: row?.reserved ?? 0 };
}

/** Shelves where the ledger's sum is not what is on hand, or where what is reserved is not what orders hold. Must be empty. */
export function shelvesThatDoNotAddUp(db: Database): Promise<unknown[]> {
  return db.rows(
    z.unknown(),
    `with moved as (select sku, warehouse_id, sum(delta) as sum from stock_movement group by sku, warehouse_id),
     held as (
       select line.sku, line."warehouseId" as warehouse_id, sum(line.quantity) as sum
       from reservation r, jsonb_to_recordset(r.lines) as line (sku text, "warehouseId" uuid, quantity int)
       where r.status = 'HELD' group by 1, 2
     )
     select l.sku, l.warehouse_id, l.on_hand, l.reserved, m.sum as moved, h.sum as held
     from stock_level l left join moved m using (sku, warehouse_id) left join held h using (sku, warehouse_id)
     where coalesce(m.sum, 0) <> l.on_hand or coalesce(h.sum, 0) <> l.reserved`,
  );
}
