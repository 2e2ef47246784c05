import { afterAll, describe, expect, it } from 'vitest';
import { bearerOf, guestCart, lookAgain, placeOrder, someSkus, untilStatus } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { startTestShop } from '../../kit/shop.js';
import { mailsTo, readOrder, stockOf } from '../../kit/views.js';

const shop = await startTestShop();
afterAll(() => shop[Symbol.asyncDispose]());
const [chair = '', lamp = ''] = await someSkus(shop);
const staff = await shop.signedIn('staff@shop.example');

const quantities = ({ lines }: { lines: { sku: string; quantity: number }[] }) =>
  Object.fromEntries(lines.map(({ sku, quantity }) => [sku, quantity]));

describe('a card that is declined', () => {
  it.each([
    ['pm_card_visa_chargeDeclined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
  ])('ends the order of %s as %s, frees its stock and tells the buyer', async (paymentToken, declineCode) => {
    const email = `${declineCode}@shop.example`;
    const order = await placeOrder(await guestCart(shop).with(chair, 3).ready(), { paymentToken, email });
    const buyer = bearerOf(shop, order);
    expect(await untilStatus(buyer, order.id, 'REJECTED')).toEqual(['PLACED', 'REJECTED']);
    const [mail, ...others] = await mailsTo(shop, email);
    expect(mail?.subject).toBe(`Your order ${order.number} could not be placed`);
    expect(mail?.text).toContain('declined');
    expect(others).toEqual([]);
    expect(await readOrder(buyer, order.id)).toMatchObject({
      statusReason: 'PAYMENT_DECLINED',
      availableTransitions: [],
      payment: { status: 'DECLINED', declineCode, capturedAmount: 0 },
    });
    expect(await stockOf(staff, chair)).toEqual({ onHand: 100, reserved: 0, available: 100 });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('does not keep the buyer from paying for the same cart with another one', async () => {
    const email = 'again@shop.example';
    const cart = await guestCart(shop).with(chair, 2).with(lamp).ready();
    const declined = await placeOrder(cart, { paymentToken: 'pm_card_visa_chargeDeclined', email });
    await untilStatus(bearerOf(shop, declined), declined.id, 'REJECTED');
    await shop.settle();
    const again = await lookAgain(cart);
    expect(again).toMatchObject({ total: cart.total, problems: [] });
    expect(quantities(again)).toEqual({ [chair]: 2, [lamp]: 1 });
    const paid = await placeOrder(again, { paymentToken: 'pm_card_mastercard', email });
    expect(paid.id).not.toBe(declined.id);
    await untilStatus(bearerOf(shop, paid), paid.id, 'CONFIRMED');
    await shop.settle();
    expect(quantities(await lookAgain(cart))).toEqual({});
    expect(await readOrder(bearerOf(shop, paid), paid.id)).toMatchObject({
      payment: { status: 'CAPTURED', capturedAmount: cart.total.amountMinor },
    });
    expect(await readOrder(bearerOf(shop, declined), declined.id)).toMatchObject({
      status: 'REJECTED',
      payment: { status: 'DECLINED', capturedAmount: 0 },
    });
    expect(await stockOf(staff, chair)).toEqual({ onHand: 98, reserved: 0, available: 98 });
    expect(await stockOf(staff, lamp)).toEqual({ onHand: 99, reserved: 0, available: 99 });
    expect((await mailsTo(shop, email)).map(({ subject }) => subject).toSorted()).toEqual([
      `Your order ${declined.number} could not be placed`,
      `Your order ${paid.number} is confirmed`,
    ]);
    expect(await checkBooks(shop)).toEqual([]);
  });
});
