import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { bearerOf, guestCart, placeOrder, someSkus, typenameOf, untilStatus } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { startTestShop } from '../../kit/shop.js';
import { readOrder } from '../../kit/views.js';

const shop = await startTestShop();
afterAll(() => shop[Symbol.asyncDispose]());
const [chair = ''] = await someSkus(shop);
const staff = await shop.signedIn('staff@shop.example');

const REFUND = `mutation Refund($input: RefundPaymentInput!) { refundPayment(input: $input) {
  __typename ... on PaymentPayload { payment { id status } } ... on UserError { code } ... on RefundExceedsCaptureError { refundable { amountMinor } } } }`;

async function paidOrder() {
  const cart = await guestCart(shop).with(chair, 2).ready();
  const order = await placeOrder(cart);
  const buyer = bearerOf(shop, order);
  await untilStatus(buyer, order.id, 'CONFIRMED');
  await shop.settle();
  const paymentId = (await readOrder(buyer, order.id))?.payment?.id ?? '';
  const refund = (amountMinor: number | null, idempotencyKey: string = randomUUID()) =>
    staff.get(REFUND, {
      input: { paymentId, reason: 'A scratch', idempotencyKey, ...(amountMinor !== null && { amount: { amountMinor, currency: 'EUR' } }) },
    });
  const payment = async () => {
    await shop.settle();
    return (await readOrder(buyer, order.id))?.payment;
  };
  return { order, buyer, paidMinor: cart.total.amountMinor, refund, payment };
}

describe('a refund', () => {
  it('of a part leaves the order as it is, and the rest can follow', async () => {
    const { order, buyer, paidMinor, refund, payment } = await paidOrder();
    expect(await refund(100)).toMatchObject({ __typename: 'PaymentPayload' });
    expect(await payment()).toMatchObject({ status: 'PARTIALLY_REFUNDED', capturedAmount: paidMinor, refundedAmount: 100 });
    expect(await refund(null)).toMatchObject({ __typename: 'PaymentPayload' });
    expect(await payment()).toMatchObject({ status: 'REFUNDED', refundedAmount: paidMinor });
    expect(await readOrder(buyer, order.id)).toMatchObject({ status: 'CONFIRMED' });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('never gives back more than was taken, however many are asked for at once', async () => {
    const { paidMinor, refund, payment } = await paidOrder();
    const share = Math.ceil(paidMinor / 3);
    const answers = await Promise.all(Array.from({ length: 5 }, () => refund(share)));
    expect(answers.map(typenameOf).filter((name) => name === 'PaymentPayload')).toHaveLength(paidMinor % 3 === 0 ? 3 : 2);
    expect(answers.map(typenameOf)).toContain('RefundExceedsCaptureError');
    expect((await payment())?.refundedAmount).toBeLessThanOrEqual(paidMinor);
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('is made once however often it is sent with one key', async () => {
    const { refund, payment } = await paidOrder();
    const key = randomUUID();
    await Promise.all([refund(150, key), refund(150, key), refund(150, key)]);
    await refund(150, key);
    expect(await payment()).toMatchObject({ refundedAmount: 150 });
    expect(await refund(151, key)).toMatchObject({ __typename: 'IdempotencyConflictError' });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('of a part is taken into account when the order is cancelled afterwards', async () => {
    const { order, buyer, paidMinor, refund, payment } = await paidOrder();
    await refund(100);
    await buyer.get('mutation Cancel($input: CancelOrderInput!) { cancelOrder(input: $input) { __typename } }', {
      input: { orderId: order.id },
    });
    expect(await payment()).toMatchObject({ status: 'REFUNDED', refundedAmount: paidMinor });
    expect(await readOrder(buyer, order.id)).toMatchObject({ status: 'CANCELLED' });
    expect(await checkBooks(shop)).toEqual([]);
  });
});
