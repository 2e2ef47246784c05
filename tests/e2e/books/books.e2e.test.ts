import { afterAll, describe, expect, it } from 'vitest';
import { bearerOf, guestCart, placeOrder, someSkus, untilStatus } from '../../kit/buyer.js';
import { checkBooks, type BookName } from '../../kit/ledger.js';
import { startTestShop } from '../../kit/shop.js';

const shop = await startTestShop();
afterAll(() => shop[Symbol.asyncDispose]());
const [chair = ''] = await someSkus(shop);
const order = await placeOrder(await guestCart(shop).with(chair, 2).ready());
await untilStatus(bearerOf(shop, order), order.id, 'CONFIRMED');
await shop.settle();

/** Each a thing that must never happen, and how it is put right again. */
const falsifications: [rule: string, book: BookName, wrong: string, right: string][] = [
  ['I1', 'payments', 'update payment set refunded_minor = 1', 'update payment set refunded_minor = 0'],
  ['I1', 'payments', 'update payment set captured_minor = captured_minor - 1', 'update payment set captured_minor = captured_minor + 1'],
  ['I3', 'orders', "update orders set status = 'CANCELLED'", "update orders set status = 'CONFIRMED'"],
  [
    'I4',
    'orders',
    `update orders set totals = jsonb_set(totals, '{total,amountMinor}', '1')`,
    `update orders set totals = jsonb_set(totals, '{total,amountMinor}', (select to_jsonb(sum((l->'lineTotal'->>'amountMinor')::int)
       + (totals->'shipping'->>'amountMinor')::int) from jsonb_array_elements(lines) as l))`,
  ],
  ['I6', 'payments', "update payment set status = 'CREATED'", "update payment set status = 'CAPTURED'"],
  [
    'I8',
    'inventory',
    `update stock_level set on_hand = on_hand + 1 where sku = '${chair}'`,
    `update stock_level set on_hand = on_hand - 1 where sku = '${chair}'`,
  ],
  [
    'I8',
    'inventory',
    `update stock_level set reserved = 1 where sku = '${chair}'`,
    `update stock_level set reserved = 0 where sku = '${chair}'`,
  ],
  ['I9', 'inventory', "update reservation set status = 'RELEASED'", "update reservation set status = 'COMMITTED'"],
  [
    'I12',
    'orders',
    "update outbox set type = 'lost' where type = 'orders.order-status-changed.v1'",
    "update outbox set type = 'orders.order-status-changed.v1' where type = 'lost'",
  ],
  ['I13', 'inventory', "update inbox set consumer = 'lost'", "update inbox set consumer = 'inventory'"],
  [
    'I14',
    'orders',
    'update outbox set aggregate_version = 100 where aggregate_version = 1',
    'update outbox set aggregate_version = 1 where aggregate_version = 100',
  ],
  [
    'I14',
    'payments',
    `update inbox set received_at = received_at + interval '1 day' where event_id = (select event_id from inbox order by received_at limit 1)`,
    `update inbox set received_at = received_at - interval '1 day' where received_at > now()`,
  ],
  [
    'I18',
    'orders',
    `update idempotency set response = '{"orderId": "none"}'`,
    `update idempotency set response = jsonb_build_object('orderId', (select id::text from orders where cart_id is not null))`,
  ],
  [
    'I16',
    'orders',
    `update saga set state = jsonb_set(state, '{step}', '"fulfilling"')`,
    `update saga set state = jsonb_set(state, '{step}', '"complete"')`,
  ],
  [
    'I16',
    'cart',
    "insert into dead_letter (consumer, event_id, event, error, attempts) values ('cart', gen_random_uuid(), '{}', 'odd', 6)",
    'delete from dead_letter',
  ],
];

describe('the check of the books', () => {
  it('finds nothing in a shop that works', async () => {
    expect(await checkBooks(shop)).toEqual([]);
  });

  it.each(falsifications)('finds %s broken in %s by: %s', async (rule, book, wrong, right) => {
    await shop.sql(book, wrong);
    const violations = await checkBooks(shop);
    await shop.sql(book, right);
    expect(violations.filter((violation) => violation.startsWith(rule))).not.toEqual([]);
    expect(await checkBooks(shop)).toEqual([]);
  });
});
