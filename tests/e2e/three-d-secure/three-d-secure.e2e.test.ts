import { request } from 'undici';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bearerOf, guestCart, placeOrder, someSkus, untilStatus, type PlacedOrder } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { startTestShop } from '../../kit/shop.js';
import { mailsTo, readOrder, stockOf } from '../../kit/views.js';

const shop = await startTestShop();
afterAll(() => shop[Symbol.asyncDispose]());
const [chair = ''] = await someSkus(shop);
const staff = await shop.signedIn('staff@shop.example');

/** An order that waits for its buyer, and the page of the bank on which they answer. */
async function waitingOrder(email = 'grete@shop.example'): Promise<{ order: PlacedOrder; page: string }> {
  const order = await placeOrder(await guestCart(shop).with(chair, 2).ready(), { paymentToken: 'pm_card_threeDSecure2Required', email });
  await shop.settle();
  const waiting = await readOrder(bearerOf(shop, order), order.id);
  expect(waiting).toMatchObject({ status: 'PLACED', payment: { status: 'REQUIRES_ACTION', capturedAmount: 0 } });
  return { order, page: z.url().parse(waiting?.payment?.nextActionUrl) };
}

const answer = (page: string, outcome: 'approve' | 'refuse') =>
  request(page, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `outcome=${outcome}` });

describe('a card that asks its holder', () => {
  it('is charged once the buyer has approved on the page of the bank', async () => {
    const { order, page } = await waitingOrder('approves@shop.example');
    expect(await stockOf(staff, chair)).toMatchObject({ onHand: 100, reserved: 2 });
    const shown = await request(page);
    expect(shown.statusCode).toBe(200);
    expect(await shown.body.text()).toContain('Confirm your payment');
    const back = await answer(page, 'approve');
    expect(back.statusCode).toBe(303);
    expect(back.headers['location']).toContain('/track');
    expect(await untilStatus(bearerOf(shop, order), order.id, 'CONFIRMED')).toEqual(['PLACED', 'CONFIRMED']);
    const mails = await mailsTo(shop, 'approves@shop.example');
    expect(mails[0]?.text).toContain(page);
    expect(mails.map(({ subject }) => subject)).toEqual([
      `Please confirm the payment of your order ${order.number}`,
      `Your order ${order.number} is confirmed`,
    ]);
    expect(await readOrder(bearerOf(shop, order), order.id)).toMatchObject({ payment: { status: 'CAPTURED', nextActionUrl: null } });
    expect(await stockOf(staff, chair)).toMatchObject({ onHand: 98, reserved: 0 });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('shows its holder the way to the bank by the token of the order alone', async () => {
    const { order, page } = await waitingOrder();
    const byToken = 'query T($token: String!) { orderByToken(token: $token) { payment { status nextActionUrl } } }';
    expect(await shop.guest.get(byToken, { token: order.orderToken })).toEqual({
      payment: { status: 'REQUIRES_ACTION', nextActionUrl: page },
    });
    expect(await shop.guest.get('query O($id: ID!) { order(id: $id) { payment { status } } }', { id: order.id })).toBeNull();
    await answer(page, 'refuse');
    await shop.settle();
  });

  it('is charged once however often the buyer presses the button', async () => {
    const { order, page } = await waitingOrder();
    await Promise.all([answer(page, 'approve'), answer(page, 'approve')]);
    await answer(page, 'refuse');
    await shop.settle();
    const after = await readOrder(bearerOf(shop, order), order.id);
    expect(after?.payment?.capturedAmount).toBe(after?.totals.total.amountMinor);
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('is not charged when the buyer refuses', async () => {
    const before = await stockOf(staff, chair);
    const { order, page } = await waitingOrder();
    await answer(page, 'refuse');
    await untilStatus(bearerOf(shop, order), order.id, 'REJECTED');
    await shop.settle();
    expect(await readOrder(bearerOf(shop, order), order.id)).toMatchObject({
      statusReason: 'PAYMENT_DECLINED',
      payment: { status: 'DECLINED', capturedAmount: 0 },
    });
    expect(await stockOf(staff, chair)).toEqual(before);
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('can be given up by cancelling while the bank waits', async () => {
    const { order, page } = await waitingOrder();
    const buyer = bearerOf(shop, order);
    await buyer.get(
      'mutation Cancel($input: CancelOrderInput!) { cancelOrder(input: $input) { ... on OrderPayload { order { status } } } }',
      {
        input: { orderId: order.id },
      },
    );
    await shop.settle();
    await answer(page, 'approve');
    await shop.settle();
    expect(await readOrder(buyer, order.id)).toMatchObject({ status: 'CANCELLED', payment: { status: 'VOIDED', capturedAmount: 0 } });
    expect(await checkBooks(shop)).toEqual([]);
  });
});
