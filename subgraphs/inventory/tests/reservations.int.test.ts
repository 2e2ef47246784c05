import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lowStock, stockChanged, stockCommitted, stockRejected, stockReleased, stockReserved } from '@shop/events/inventory';
import { deadLetters } from '@shop/platform/dead-letter';
import { newId } from '@shop/platform/ids';
import { settle } from '@shop/tests/kit/subgraph';
import { shelf, shelvesThatDoNotAddUp, startTestInventory, type TestInventory } from './inventory.kit.js';

let shop: TestInventory;

beforeAll(async () => {
  shop = await startTestInventory();
});

afterAll(() => shop[Symbol.asyncDispose]());

const of = (orderId: string) => (data: { orderId: string }) => data.orderId === orderId;
const ofSku = (sku: string) => (data: { sku: string }) => data.sku === sku;

describe('a reservation', () => {
  it('holds what an order asks for and says until when', async () => {
    await shop.receive('held', 10);
    const orderId = newId();
    await shop.reserve(orderId, [{ sku: 'held', quantity: 4 }]);
    expect(await shelf(shop, 'held')).toEqual({ onHand: 10, reserved: 4 });
    expect((await shop.said(stockReserved)).filter(of(orderId))).toEqual([{ orderId, expiresAt: '2026-01-05T10:15:00.000Z' }]);
  });

  it('adds up two lines of one SKU', async () => {
    await shop.receive('twice', 5);
    const lines = [
      { sku: 'twice', quantity: 3 },
      { sku: 'twice', quantity: 3 },
    ];
    const [tooMuch, enough] = [newId(), newId()];
    await shop.reserve(tooMuch, lines);
    expect((await shop.said(stockRejected)).filter(of(tooMuch))).toEqual([
      { orderId: tooMuch, reason: 'OUT_OF_STOCK', shortages: [{ sku: 'twice', requested: 6, available: 5 }] },
    ]);
    await shop.receive('twice', 1);
    await shop.reserve(enough, lines);
    expect(await shelf(shop, 'twice')).toEqual({ onHand: 6, reserved: 6 });
  });

  it('holds nothing when one of its lines is short', async () => {
    await shop.receive('plenty', 5);
    const orderId = newId();
    await shop.reserve(orderId, [
      { sku: 'plenty', quantity: 1 },
      { sku: 'never-seen', quantity: 1 },
    ]);
    expect(await shelf(shop, 'plenty')).toEqual({ onHand: 5, reserved: 0 });
    expect((await shop.said(stockRejected)).filter(of(orderId))).toEqual([
      { orderId, reason: 'OUT_OF_STOCK', shortages: [{ sku: 'never-seen', requested: 1, available: 0 }] },
    ]);
  });

  it('is split over warehouses when none has enough', async () => {
    await shop.receive('spread', 3, 'BER');
    await shop.receive('spread', 3, 'LYS');
    const orderId = newId();
    await shop.reserve(orderId, [{ sku: 'spread', quantity: 5 }]);
    await shop.commit(orderId);
    expect(await shelf(shop, 'spread')).toEqual({ onHand: 1, reserved: 0 });
  });

  it('is made once, however often the command arrives', async () => {
    await shop.receive('dup', 10);
    const orderId = newId();
    const lines = [{ sku: 'dup', quantity: 2 }];
    const event = await shop.reserve(orderId, lines);
    await Promise.all([shop.bus.publish(event), shop.bus.publish(event), shop.reserve(orderId, lines)]);
    expect(await shelf(shop, 'dup')).toEqual({ onHand: 10, reserved: 2 });
  });

  it('is refused when its release came first', async () => {
    await shop.receive('late', 10);
    const orderId = newId();
    await shop.release(orderId);
    await shop.reserve(orderId, [{ sku: 'late', quantity: 2 }]);
    expect(await shelf(shop, 'late')).toEqual({ onHand: 10, reserved: 0 });
    expect((await shop.said(stockReleased)).filter(of(orderId))).toEqual([{ orderId, reason: 'PAYMENT_DECLINED' }]);
    expect((await shop.said(stockRejected)).filter(of(orderId))).toEqual([{ orderId, reason: 'ALREADY_RELEASED', shortages: [] }]);
  });

  it('is sold by its commit, once', async () => {
    await shop.receive('sold', 10);
    const orderId = newId();
    await shop.reserve(orderId, [{ sku: 'sold', quantity: 4 }]);
    await shop.commit(orderId);
    await shop.commit(orderId);
    expect(await shelf(shop, 'sold')).toEqual({ onHand: 6, reserved: 0 });
    expect((await shop.said(stockCommitted)).filter(of(orderId))).toHaveLength(2);
    expect((await shop.said(stockChanged)).filter(ofSku('sold')).map(({ available }) => available)).toEqual([10, 6]);
  });

  it('gives back what is held, and what was sold, once', async () => {
    await shop.receive('back', 10);
    const [held, sold] = [newId(), newId()];
    await shop.reserve(held, [{ sku: 'back', quantity: 4 }]);
    await shop.reserve(sold, [{ sku: 'back', quantity: 3 }]);
    await shop.commit(sold);
    for (const orderId of [held, sold, held, sold]) await shop.release(orderId);
    expect(await shelf(shop, 'back')).toEqual({ onHand: 10, reserved: 0 });
  });

  it('cannot be sold when nothing was held', async () => {
    const orderId = newId();
    await shop.commit(orderId);
    expect((await shop.said(stockRejected)).filter(of(orderId))).toEqual([{ orderId, reason: 'NOTHING_HELD', shortages: [] }]);
  });

  it('expires, and a late commit sells it only when the stock is still there', async () => {
    await shop.receive('expiring', 3);
    const [lucky, late, other] = [newId(), newId(), newId()];
    await shop.reserve(lucky, [{ sku: 'expiring', quantity: 1 }]);
    await shop.reserve(late, [{ sku: 'expiring', quantity: 2 }]);
    shop.clock.advance(15 * 60_000 - 1);
    await settle([shop.inventory]);
    expect(await shelf(shop, 'expiring')).toEqual({ onHand: 3, reserved: 3 });
    shop.clock.advance(1);
    await settle([shop.inventory]);
    expect(await shelf(shop, 'expiring')).toEqual({ onHand: 3, reserved: 0 });
    expect((await shop.said(stockReleased)).filter(of(late))).toEqual([{ orderId: late, reason: 'EXPIRED' }]);
    await shop.commit(lucky);
    await shop.reserve(other, [{ sku: 'expiring', quantity: 2 }]);
    await shop.commit(late);
    expect((await shop.said(stockCommitted)).filter(of(lucky))).toHaveLength(1);
    expect((await shop.said(stockRejected)).filter(of(late))).toEqual([
      { orderId: late, reason: 'OUT_OF_STOCK', shortages: [{ sku: 'expiring', requested: 2, available: 0 }] },
    ]);
    expect(await shelf(shop, 'expiring')).toEqual({ onHand: 2, reserved: 2 });
  });

  it('tells how much is left, version by version, and when the safety stock is reached', async () => {
    await shop.receive('told', 8);
    for (const quantity of [2, 2, 4]) await shop.reserve(newId(), [{ sku: 'told', quantity }]);
    const told = (await shop.said(stockChanged))
      .filter(ofSku('told'))
      .map(({ version, available, status }) => [version, available, status]);
    expect(told).toEqual([
      [2, 8, 'IN_STOCK'],
      [3, 6, 'IN_STOCK'],
      [4, 4, 'LOW_STOCK'],
      [5, 0, 'OUT_OF_STOCK'],
    ]);
    expect((await shop.said(lowStock)).filter(ofSku('told'))).toEqual([{ sku: 'told', available: 4, safetyStock: 5 }]);
  });
});

describe('many orders at once', () => {
  it('get exactly the units that there are', async () => {
    await shop.receive('rare', 12, 'BER');
    await shop.receive('rare', 8, 'LYS');
    const orders = Array.from({ length: 200 }, newId);
    await Promise.all(orders.map((orderId) => shop.reserve(orderId, [{ sku: 'rare', quantity: 1 }])));
    const mine = new Set(orders);
    expect((await shop.said(stockReserved)).filter(({ orderId }) => mine.has(orderId))).toHaveLength(20);
    expect((await shop.said(stockRejected)).filter(({ orderId }) => mine.has(orderId))).toHaveLength(180);
    expect(await shelf(shop, 'rare')).toEqual({ onHand: 20, reserved: 20 });
    await Promise.all(orders.map((orderId, index) => (index % 2 ? shop.commit(orderId) : shop.release(orderId))));
    const { reserved } = await shelf(shop, 'rare');
    expect(reserved).toBe(0);
  });

  it('do not block each other when their lines come in opposite order', async () => {
    const [a, b, c] = ['ring-a', 'ring-b', 'ring-c'];
    for (const sku of [a, b, c]) for (const warehouse of ['BER', 'LYS', 'NJE']) await shop.receive(sku, 100, warehouse);
    const lines = [a, b, c].map((sku) => ({ sku, quantity: 1 }));
    const orders = Array.from({ length: 60 }, newId);
    await Promise.all(orders.map((orderId, index) => shop.reserve(orderId, index % 2 ? lines : lines.toReversed())));
    await Promise.all(
      orders.flatMap((orderId, index) => [shop.commit(orderId), shop.reserve(newId(), index % 2 ? lines : lines.toReversed())]),
    );
    expect(await shelf(shop, b)).toEqual({ onHand: 240, reserved: 60 });
  });
});

it('leaves a ledger that adds up, and nothing that was put aside', async () => {
  expect(await shelvesThatDoNotAddUp(shop.db)).toEqual([]);
  expect(await deadLetters(shop.db)).toEqual([]);
});
