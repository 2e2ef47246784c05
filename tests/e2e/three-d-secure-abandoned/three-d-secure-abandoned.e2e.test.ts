import { request } from 'undici';
import { afterAll, describe, expect, it } from 'vitest';
import { bearerOf, guestCart, lookAgain, placeOrder, someSkus, untilStatus } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { startTestShop } from '../../kit/shop.js';
import { until } from '../../kit/until.js';
import { mailsTo, readOrder, stockOf } from '../../kit/views.js';

const shop = await startTestShop({ paymentActionTimeoutMs: 5_000 });
afterAll(() => shop[Symbol.asyncDispose]());
const [chair = ''] = await someSkus(shop);
const staff = await shop.signedIn('staff@shop.example');

describe('a buyer who never answers the bank', () => {
  it('loses the order after a while, keeps the cart, and is not charged by a late answer', async () => {
    const choice = { paymentToken: 'pm_card_threeDSecure2Required', email: 'gone@shop.example' };
    const cart = await guestCart(shop).with(chair, 2).ready();
    const order = await placeOrder(cart, choice);
    const buyer = bearerOf(shop, order);
    const page = await until(async () => (await readOrder(buyer, order.id))?.payment?.nextActionUrl ?? null, { what: 'the bank to ask' });
    expect(await untilStatus(buyer, order.id, 'REJECTED')).toEqual(['PLACED', 'REJECTED']);
    await shop.settle();
    const late = await request(page, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'outcome=approve',
    });
    expect(late.statusCode).toBeLessThan(400);
    const [, mail] = await mailsTo(shop, 'gone@shop.example');
    expect(mail?.text).toContain('not confirmed in time');
    expect(await readOrder(buyer, order.id)).toMatchObject({
      statusReason: 'TIMED_OUT',
      payment: { status: 'VOIDED', capturedAmount: 0, nextActionUrl: null },
    });
    expect(await lookAgain(cart)).toMatchObject({ total: cart.total, lines: [{ sku: chair, quantity: 2 }] });
    expect(await stockOf(staff, chair)).toEqual({ onHand: 100, reserved: 0, available: 100 });
    expect(await checkBooks(shop)).toEqual([]);
  });
});
