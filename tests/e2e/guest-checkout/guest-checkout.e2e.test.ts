import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { bearerOf, checkOut, guestCart, placeOrder, someSkus, untilStatus } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { startTestShop } from '../../kit/shop.js';
import { mailsTo, readOrder, stockOf } from '../../kit/views.js';

const shop = await startTestShop();
afterAll(() => shop[Symbol.asyncDispose]());
const [chair = '', lamp = ''] = await someSkus(shop);
const staff = await shop.signedIn('staff@shop.example');

const BY_TOKEN = `query Mine($token: String!) { orderByToken(token: $token) { id number email lines { sku variant { sku availability { status } } } } }`;

describe('a guest', () => {
  it('buys without an account, follows the order, and is written to', async () => {
    const cart = await guestCart(shop).with(chair, 2).with(lamp).ready();
    const order = await placeOrder(cart, { email: 'gerda@shop.example' });
    const buyer = bearerOf(shop, order);
    expect(await untilStatus(buyer, order.id, 'CONFIRMED')).toEqual(['PLACED', 'CONFIRMED']);
    await shop.settle();
    expect(await readOrder(buyer, order.id)).toMatchObject({
      number: order.number,
      totals: { total: cart.total },
      lines: [
        { sku: chair, quantity: 2 },
        { sku: lamp, quantity: 1 },
      ],
      payment: { status: 'CAPTURED', capturedAmount: cart.total.amountMinor, method: { brand: 'visa', last4: '4242' } },
    });
    expect(await stockOf(staff, chair)).toEqual({ onHand: 98, reserved: 0, available: 98 });
    const [mail] = await mailsTo(shop, 'gerda@shop.example');
    expect(mail?.subject).toContain(order.number);
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('reads an order by its token and by nothing else', async () => {
    const [mine, other] = [
      await placeOrder(await guestCart(shop).with(lamp).ready()),
      await placeOrder(await guestCart(shop).with(lamp).ready()),
    ];
    expect(await shop.guest.get(BY_TOKEN, { token: mine.orderToken })).toMatchObject({
      id: mine.id,
      number: mine.number,
      lines: [{ sku: lamp, variant: { sku: lamp, availability: { status: 'IN_STOCK' } } }],
    });
    const forged = `${mine.orderToken.slice(0, -2)}${mine.orderToken.endsWith('aa') ? 'bb' : 'aa'}`;
    expect(await shop.guest.get(BY_TOKEN, { token: forged })).toBeNull();
    expect(await readOrder(shop.guest, mine.id)).toBeNull();
    expect(await readOrder(bearerOf(shop, other), mine.id)).toBeNull();
    await expect(untilStatus(bearerOf(shop, other), mine.id, 'CONFIRMED')).rejects.toThrow('NOT_FOUND');
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('gets one order of one key, however often and from how many tabs it is sent', async () => {
    const cart = await guestCart(shop).with(chair).ready();
    const idempotencyKey = randomUUID();
    const first = await placeOrder(cart, { idempotencyKey });
    expect(await placeOrder(cart, { idempotencyKey })).toMatchObject({ id: first.id, number: first.number, orderToken: first.orderToken });
    expect(await checkOut(cart, { idempotencyKey, email: 'else@shop.example' })).toMatchObject({
      __typename: 'IdempotencyConflictError',
      retryable: false,
    });
    const tabs = await guestCart(shop).with(chair).ready();
    const answers = await Promise.all(Array.from({ length: 5 }, () => checkOut(tabs, { idempotencyKey: randomUUID() })));
    expect(answers.map(({ __typename }) => __typename).toSorted()).toEqual([
      ...Array.from({ length: 4 }, () => 'CartEmptyError'),
      'CheckoutPayload',
    ]);
    expect(await checkBooks(shop)).toEqual([]);
  });
});
