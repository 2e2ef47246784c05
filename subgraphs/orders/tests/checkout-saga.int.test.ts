import { PLATFORM_TABLES } from '@shop/platform/platform-tables.migration';
import { as, dataOf, userViewer } from '@shop/tests/kit/subgraph';
import { deadLetters } from '@shop/platform/dead-letter';
import { newId } from '@shop/platform/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { answerEvent, draftOf, startOrdersAlone, type OrdersAlone } from './orders-kit.js';
import { placeOrder } from '../src/place-order.js';

let shop: OrdersAlone;

beforeAll(async () => {
  shop = await startOrdersAlone();
});

afterAll(async () => {
  await shop[Symbol.asyncDispose]();
});

const staff = userViewer(undefined, ['orders:read', 'orders:write']);

async function orderNow(id: string) {
  const { order } = await dataOf(
    as(shop.orders, staff)(`query ($id: ID!) { order(id: $id) { status revision statusReason timeline { revision status actor } } }`, {
      id,
    }),
  );
  return order;
}

async function sagaOf(id: string) {
  const rows = await shop.db.rows(
    z.object({ state: z.looseObject({ step: z.string() }), deadline_at: z.unknown() }),
    `select state, deadline_at from saga where id = $1`,
    [id],
  );
  return rows[0];
}

test('the migrations make the tables that the entities describe', async () => {
  const sql = await shop.db.orm.schema.getUpdateSchemaSQL({ wrap: false, safe: true, dropTables: false });
  const unexpected = sql
    .split('\n')
    .filter((line) => /add column|alter column|create table/.test(line) && !PLATFORM_TABLES.some((table) => line.includes(`"${table}"`)));
  expect(unexpected).toEqual([]);
});

describe('the checkout of an order', () => {
  test('goes from the first command to CONFIRMED and completes', async () => {
    const { id, number } = await shop.place();
    expect(number).toMatch(/^S-1\d{5}$/);
    expect(shop.sent(id)).toEqual(['reserve-stock', 'order-placed', 'order-status-changed']);
    expect(shop.data(id, 'reserve-stock')).toEqual([
      {
        orderId: id,
        lines: [
          { sku: 'MUG-BLUE', quantity: 3 },
          { sku: 'TEA', quantity: 1 },
        ],
      },
    ]);

    await shop.hear(id, 'stock-reserved');
    expect(shop.data(id, 'authorize')).toEqual([
      {
        orderId: id,
        orderNumber: number,
        customerId: null,
        email: 'guest@shop.example',
        locale: 'en',
        amount: { amountMinor: 2890, currency: 'EUR' },
        paymentToken: 'pm_card_visa',
      },
    ]);
    expect(JSON.stringify(await sagaOf(id))).not.toContain('pm_card_visa');

    await shop.hear(id, 'payment-authorized');
    expect(shop.sent(id).slice(4)).toEqual(['order-status-changed', 'order-confirmed', 'commit-stock', 'capture']);
    expect(await orderNow(id)).toEqual({
      status: 'CONFIRMED',
      revision: 2,
      statusReason: null,
      timeline: [
        { revision: 1, status: 'PLACED', actor: 'guest' },
        { revision: 2, status: 'CONFIRMED', actor: 'shop' },
      ],
    });

    await shop.hear(id, 'stock-committed', 'payment-captured');
    expect(await sagaOf(id)).toMatchObject({ state: { step: 'complete', outcome: 'CONFIRMED' }, deadline_at: null });
  });

  test('declined: the stock goes back, the order is REJECTED, and its cart is told what it had ordered', async () => {
    const cartId = newId();
    const { id } = await shop.place({ cartId });
    await shop.hear(id, 'stock-reserved', 'payment-declined');
    expect(await orderNow(id)).toMatchObject({ status: 'REJECTED', revision: 2, statusReason: 'PAYMENT_DECLINED' });
    expect(shop.data(id, 'release-stock')).toEqual([{ orderId: id, reason: 'PAYMENT_DECLINED' }]);
    expect(shop.data(id, 'order-rejected')).toMatchObject([
      {
        reason: 'PAYMENT_DECLINED',
        cartId,
        lines: [
          { sku: 'MUG-BLUE', quantity: 3, productName: 'Mug', variantName: 'Blue', unitPrice: { amountMinor: 500, currency: 'EUR' } },
          { sku: 'TEA', quantity: 1 },
        ],
      },
    ]);
    expect(shop.sent(id)).not.toContain('void');
    await shop.hear(id, 'stock-released');
    expect(await sagaOf(id)).toMatchObject({ state: { step: 'complete', outcome: 'REJECTED' } });
  });

  test('sold out: REJECTED without anything to undo', async () => {
    const { id } = await shop.place();
    await shop.hear(id, 'stock-rejected');
    expect(await orderNow(id)).toMatchObject({ status: 'REJECTED', statusReason: 'OUT_OF_STOCK' });
    expect(shop.sent(id)).not.toContain('release-stock');
    expect(await sagaOf(id)).toMatchObject({ state: { step: 'complete' } });
  });

  test('an event that is delivered three times counts once', async () => {
    const { id } = await shop.place();
    const event = answerEvent('stock-reserved', id);
    for (let delivery = 0; delivery < 3; delivery++) await shop.bus.publish(event);
    await shop.settle();
    expect(shop.data(id, 'authorize')).toHaveLength(1);
  });

  test('an answer about an order of nobody is ignored', async () => {
    await shop.hear('no-order', 'stock-reserved', 'payment-authorized');
    expect(await deadLetters(shop.db)).toEqual([]);
  });
});

describe('deadlines', () => {
  test('inventory silent for two minutes: TIMED_OUT; a late reservation is released', async () => {
    const { id } = await shop.place();
    shop.clock.advance(119_000);
    await shop.settle();
    expect(await orderNow(id)).toMatchObject({ status: 'PLACED' });
    shop.clock.advance(1_000);
    await shop.settle();
    expect(await orderNow(id)).toMatchObject({ status: 'REJECTED', statusReason: 'TIMED_OUT' });
    await shop.hear(id, 'stock-reserved');
    expect(shop.data(id, 'release-stock')).toHaveLength(2);
    await shop.hear(id, 'stock-released');
    expect(await sagaOf(id)).toMatchObject({ state: { step: 'complete' }, deadline_at: null });
  });

  test('an abandoned 3-D Secure: TIMED_OUT after 15 minutes; a late authorisation is void', async () => {
    const { id } = await shop.place();
    await shop.hear(id, 'stock-reserved', 'payment-action-required');
    shop.clock.advance(14 * 60_000);
    await shop.settle();
    expect(await orderNow(id)).toMatchObject({ status: 'PLACED' });
    shop.clock.advance(60_000);
    await shop.settle();
    expect(await orderNow(id)).toMatchObject({ status: 'REJECTED', statusReason: 'TIMED_OUT' });
    expect(shop.sent(id)).toEqual(expect.arrayContaining(['void', 'release-stock']));
    await shop.hear(id, 'payment-authorized');
    expect(shop.data(id, 'void')).toHaveLength(2);
    expect(await orderNow(id)).toMatchObject({ status: 'REJECTED', revision: 2 });
    await shop.hear(id, 'payment-voided', 'stock-released');
    expect(await sagaOf(id)).toMatchObject({ state: { step: 'complete' } });
  });

  test('a capture that nobody answers is asked for again', async () => {
    const { id } = await shop.place();
    await shop.hear(id, 'stock-reserved', 'payment-authorized', 'stock-committed');
    shop.clock.advance(30_000);
    await shop.settle();
    expect(shop.data(id, 'capture')).toHaveLength(2);
    expect(shop.data(id, 'commit-stock')).toHaveLength(1);
    await shop.hear(id, 'payment-captured');
  });
});

test('one state of a cart becomes one order, however often it is placed at once', async () => {
  const draft = draftOf();
  const place = (key: string, cartVersion = 1) =>
    placeOrder(
      shop.db,
      { ...draft, cartVersion },
      { paymentToken: 'pm', actor: 'guest', idempotency: { scope: 's', key }, traceparent: null },
      shop.services,
    );
  const placed = await Promise.all(Array.from({ length: 6 }, (_, n) => place(`key-${n}`)));
  expect(placed.map(({ kind }) => kind).toSorted()).toEqual([...Array<string>(5).fill('already-ordered'), 'placed']);
  expect(await place('another', 2)).toMatchObject({ kind: 'placed' });
});
