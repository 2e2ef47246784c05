import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cartOf, checkOut, guestCart, placeOrder, someSkus } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { startTestShop, type TestShop } from '../../kit/shop.js';

describe('an idempotency key', () => {
  const disposables = new AsyncDisposableStack();
  let shop: TestShop;
  let sku: string;
  beforeAll(async () => {
    shop = disposables.use(await startTestShop());
    [sku = ''] = await someSkus(shop, 1);
  });
  afterAll(() => disposables.disposeAsync());

  const authorizationsOf = async (orderId: string) =>
    (await shop.provider.intents()).filter(({ metadata }) => Object.values(metadata).includes(orderId));
  const countOrders = async () => Number((await shop.sql('orders', 'select count(*) as n from orders'))[0]?.['n']);

  it('sent fifty times at once makes one order and one authorisation, and always the same answer', async () => {
    const before = await countOrders();
    const cart = await guestCart(shop).with(sku).ready();
    const idempotencyKey = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => checkOut(cart, { idempotencyKey })));
    const orders = answers.map((answer) =>
      'order' in answer ? { id: answer.order.id, number: answer.order.number, token: answer.orderToken } : answer,
    );
    expect(new Set(orders.map((order) => JSON.stringify(order)))).toHaveLength(1);
    expect(answers[0]).toMatchObject({ __typename: 'CheckoutPayload' });
    await shop.settle();
    expect(await countOrders()).toBe(before + 1);
    const [answer] = answers;
    expect(await authorizationsOf(answer && 'order' in answer ? answer.order.id : '')).toHaveLength(1);
    expect(await placeOrder(cart, { idempotencyKey })).toMatchObject({ status: 'CONFIRMED' });
  });

  it('sent fifty times at once by somebody signed in makes one order', async () => {
    const before = await countOrders();
    const cart = await cartOf(await shop.signedIn('customer@shop.example'))
      .with(sku)
      .ready();
    const idempotencyKey = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => checkOut(cart, { idempotencyKey, email: null })));
    expect(new Set(answers.map((answer) => ('order' in answer ? answer.order.id : JSON.stringify(answer))))).toHaveLength(1);
    await shop.settle();
    expect(await countOrders()).toBe(before + 1);
  });

  it('is refused with another body, and nothing happens', async () => {
    const cart = await guestCart(shop).with(sku).ready();
    const idempotencyKey = randomUUID();
    const order = await placeOrder(cart, { idempotencyKey });
    const before = await countOrders();
    const other = { __typename: 'IdempotencyConflictError', retryable: false };
    expect(await checkOut(cart, { idempotencyKey, email: 'another@shop.example' })).toMatchObject(other);
    expect(await checkOut(cart, { idempotencyKey, paymentToken: 'pm_card_mastercard' })).toMatchObject(other);
    await shop.settle();
    expect(await countOrders()).toBe(before);
    expect(await authorizationsOf(order.id)).toHaveLength(1);
  });

  it('of one guest does not meet the same key of another', async () => {
    const idempotencyKey = randomUUID();
    const carts = await Promise.all([guestCart(shop).with(sku).ready(), guestCart(shop).with(sku).ready()]);
    const orders = await Promise.all(carts.map((cart) => placeOrder(cart, { idempotencyKey })));
    expect(new Set(orders.map(({ id }) => id))).toHaveLength(2);
  });

  it('of a request that was refused is free for a corrected one', async () => {
    const cart = await guestCart(shop).with(sku).ready();
    const idempotencyKey = randomUUID();
    const cheaper = { ...cart.total, amountMinor: cart.total.amountMinor - 1 };
    expect(await checkOut(cart, { idempotencyKey, expectedTotal: cheaper })).toMatchObject({ __typename: 'PriceChangedError' });
    expect(await checkOut(cart, { idempotencyKey })).toMatchObject({ __typename: 'CheckoutPayload' });
  });

  it('leaves books that check', async () => {
    expect(await checkBooks(shop)).toEqual([]);
  });
});
