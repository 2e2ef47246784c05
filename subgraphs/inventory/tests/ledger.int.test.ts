import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newId } from '@shop/platform/ids';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { openDatabase } from '@shop/platform/database';
import { seedInventory } from '../src/seed.js';
import { shelvesThatDoNotAddUp, startTestInventory, type TestInventory } from './inventory.kit.js';

let shop: TestInventory;

beforeAll(async () => {
  shop = await startTestInventory();
});

afterAll(() => shop[Symbol.asyncDispose]());

describe('the ledger', () => {
  it('has one entry for whatever moved, and none for what is only held', async () => {
    await shop.receive('moved', 9);
    const orderId = newId();
    await shop.reserve(orderId, [{ sku: 'moved', quantity: 2 }]);
    await shop.commit(orderId);
    await shop.release(orderId, 'RETURNED');
    const entry = z.object({ kind: z.string(), delta: z.number(), reference: z.string() });
    expect(await shop.db.rows(entry, `select kind, delta, reference from stock_movement where sku = 'moved' order by id`)).toEqual([
      { kind: 'RECEIVED', delta: 9, reference: 'delivery' },
      { kind: 'COMMITTED', delta: -2, reference: orderId },
      { kind: 'RETURNED', delta: 2, reference: orderId },
    ]);
    expect(await shelvesThatDoNotAddUp(shop.db)).toEqual([]);
  });

  it('can only grow', async () => {
    await shop.receive('kept', 1);
    for (const change of [`update stock_movement set delta = 5`, `delete from stock_movement`, `truncate stock_movement`])
      await expect(shop.db.run(change)).rejects.toThrow('append-only');
  });

  it('is guarded by the tables themselves', async () => {
    await shop.receive('guarded', 1);
    for (const change of ['on_hand = -1', 'reserved = -1', 'reserved = 2', 'on_hand = 0, reserved = 1'])
      await expect(shop.db.run(`update stock_level set ${change} where sku = 'guarded'`)).rejects.toThrow('check constraint');
  });
});

describe('sample data', () => {
  it('of 5,000 SKUs in three warehouses with orders adds up', async () => {
    await using place = await createTestDatabase();
    const levels = Array.from({ length: 5_000 }, (_, n) =>
      ['BER', 'LYS', 'NJE'].map((warehouseCode) => ({ sku: `sku-${n}`, warehouseCode, onHand: n % 50 })),
    ).flat();
    const reservations = (['HELD', 'COMMITTED', 'RELEASED'] as const).flatMap((status) =>
      Array.from({ length: 100 }, (_, n) => ({
        orderId: newId(),
        status,
        lines: [{ sku: `sku-${n * 50 + 7}`, quantity: 3 }],
        at: new Date('2026-01-01T00:00:00Z'),
      })),
    );
    await seedInventory(place.url, { levels, reservations });
    await using db = await openDatabase({ url: place.url, entities: [], migrations: [] });
    expect(await shelvesThatDoNotAddUp(db)).toEqual([]);
    const totals = z.object({ skus: z.number(), held: z.number(), sold: z.number() });
    expect(
      await db.rows(
        totals,
        `select (select count(*) from stock_item)::int as skus, (select sum(reserved) from stock_level)::int as held,
          (select -sum(delta) from stock_movement where kind = 'COMMITTED')::int as sold`,
      ),
    ).toEqual([{ skus: 5_000, held: 300, sold: 300 }]);
  });
});
