import { afterAll, describe, expect, it } from 'vitest';
import { bearerOf, guestCart, placeOrder, someSkus, untilStatus } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { startTestShop } from '../../kit/shop.js';
import { mailsTo, readOrder } from '../../kit/views.js';

const shop = await startTestShop({ cardProviderTimeoutMs: 500, lateAnswerMs: 1_500 });
afterAll(() => shop[Symbol.asyncDispose]());
const [chair = ''] = await someSkus(shop);

/** The provider is asked again after a while whatever a webhook has told meanwhile. */
const untilBooksAreRight = () => expect.poll(() => checkBooks(shop), { interval: 250 }).toEqual([]);

describe('a card provider', () => {
  it.each([
    ['answers later than the shop listens', 'pm_sandbox_slow'],
    ['never answers although it has authorised', 'pm_sandbox_timeout'],
  ])('that %s charges once, and the order is confirmed', async (_, paymentToken) => {
    const cart = await guestCart(shop).with(chair).ready();
    const email = `${paymentToken.replaceAll('_', '-')}@shop.example`;
    const order = await placeOrder(cart, { paymentToken, email });
    expect(await untilStatus(bearerOf(shop, order), order.id, 'CONFIRMED')).toEqual(['PLACED', 'CONFIRMED']);
    expect(await mailsTo(shop, email)).toMatchObject([{ subject: `Your order ${order.number} is confirmed` }]);
    const intents = (await shop.provider.intents()).filter(({ metadata }) => metadata['order_id'] === order.id);
    expect(intents.map(({ status, charge }) => [status, charge?.amountCapturedMinor])).toEqual([['succeeded', cart.total.amountMinor]]);
    expect(await readOrder(bearerOf(shop, order), order.id)).toMatchObject({ payment: { status: 'CAPTURED', method: { last4: '4242' } } });
    await untilBooksAreRight();
  });

  it('that is silent does not keep a cancelled order paid', async () => {
    const order = await placeOrder(await guestCart(shop).with(chair).ready(), { paymentToken: 'pm_sandbox_timeout' });
    const buyer = bearerOf(shop, order);
    await buyer.get('mutation Cancel($input: CancelOrderInput!) { cancelOrder(input: $input) { __typename } }', {
      input: { orderId: order.id },
    });
    await untilStatus(buyer, order.id, 'CANCELLED');
    await untilBooksAreRight();
    const read = await readOrder(buyer, order.id);
    expect(read?.payment?.refundedAmount ?? 0).toBe(read?.payment?.capturedAmount ?? 0);
  });
});
