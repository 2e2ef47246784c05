import { afterAll, describe, expect, it } from 'vitest';
import { bearerOf, guestCart, placeOrder, someSkus, typenameOf, untilStatus } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { deliverOrder, shipOrder } from '../../kit/staff.js';
import type { ShopClient } from '../../kit/shop-client.js';
import { startTestShop } from '../../kit/shop.js';
import { mailsTo, readOrder, stockOf } from '../../kit/views.js';

const shop = await startTestShop();
afterAll(() => shop[Symbol.asyncDispose]());
const [chair = ''] = await someSkus(shop);
const staff = await shop.signedIn('staff@shop.example');

const CANCEL = `mutation Cancel($input: CancelOrderInput!) { cancelOrder(input: $input) {
  __typename ... on OrderPayload { order { status statusReason } } ... on UserError { code } ... on IllegalTransitionError { from to allowed } } }`;
const cancel = (client: ShopClient, orderId: string, reason?: string) => client.get(CANCEL, { input: { orderId, reason } });

describe('cancelling', () => {
  it('before shipment gives the money and the stock back', async () => {
    const cart = await guestCart(shop).with(chair, 2).ready();
    const order = await placeOrder(cart, { email: 'regrets@shop.example' });
    const buyer = bearerOf(shop, order);
    await untilStatus(buyer, order.id, 'CONFIRMED');
    await shop.settle();
    expect(await stockOf(staff, chair)).toMatchObject({ onHand: 98 });
    expect(await cancel(buyer, order.id, 'Found it in the cellar')).toMatchObject({
      order: { status: 'CANCELLED', statusReason: 'Found it in the cellar' },
    });
    await shop.settle();
    expect(await readOrder(buyer, order.id)).toMatchObject({
      status: 'CANCELLED',
      timeline: [{ status: 'PLACED' }, { status: 'CONFIRMED' }, { status: 'CANCELLED', actor: 'guest' }],
      payment: { status: 'REFUNDED', capturedAmount: cart.total.amountMinor, refundedAmount: cart.total.amountMinor },
    });
    expect(await stockOf(staff, chair)).toEqual({ onHand: 100, reserved: 0, available: 100 });
    expect((await mailsTo(shop, 'regrets@shop.example')).map(({ subject }) => subject).toSorted()).toEqual([
      `A refund for your order ${order.number}`,
      `Your order ${order.number} is cancelled`,
      `Your order ${order.number} is confirmed`,
    ]);
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('twice, or by two people at once, refunds once', async () => {
    const order = await placeOrder(await guestCart(shop).with(chair).ready());
    const buyer = bearerOf(shop, order);
    await untilStatus(buyer, order.id, 'CONFIRMED');
    const answers = await Promise.all([cancel(buyer, order.id), cancel(staff, order.id), cancel(buyer, order.id)]);
    expect(answers.filter((answer) => typenameOf(answer) === 'OrderPayload')).toHaveLength(1);
    await shop.settle();
    const read = await readOrder(buyer, order.id);
    expect(read).toMatchObject({ status: 'CANCELLED', revision: 3 });
    expect(read?.payment?.refundedAmount).toBe(read?.payment?.capturedAmount);
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('right after the checkout leaves nothing behind, however far it came', async () => {
    const orders = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const order = await placeOrder(await guestCart(shop).with(chair).ready());
        await cancel(bearerOf(shop, order), order.id);
        return order;
      }),
    );
    await shop.settle();
    for (const order of orders) expect(await readOrder(bearerOf(shop, order), order.id)).toMatchObject({ status: 'CANCELLED' });
    expect(await stockOf(staff, chair)).toEqual({ onHand: 100, reserved: 0, available: 100 });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('comes too late once a parcel has left', async () => {
    const order = await placeOrder(await guestCart(shop).with(chair).ready());
    const buyer = bearerOf(shop, order);
    await untilStatus(buyer, order.id, 'CONFIRMED');
    await shipOrder(staff, order.id);
    expect(await cancel(buyer, order.id)).toEqual({
      __typename: 'IllegalTransitionError',
      code: 'ILLEGAL_TRANSITION',
      from: 'SHIPPED',
      to: 'CANCELLED',
      allowed: ['DELIVERED'],
    });
    await deliverOrder(staff, order.id);
    expect(await cancel(staff, order.id)).toMatchObject({ from: 'DELIVERED' });
    await shop.settle();
    expect(await readOrder(buyer, order.id)).toMatchObject({ status: 'DELIVERED', payment: { refundedAmount: 0 } });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it("of somebody else's order is answered as if there were none", async () => {
    const order = await placeOrder(await guestCart(shop).with(chair).ready());
    const stranger = await shop.signedIn('customer@shop.example');
    expect(await cancel(stranger, order.id)).toEqual({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
    expect(await cancel(shop.guest, order.id)).toEqual({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
    expect(await checkBooks(shop)).toEqual([]);
  });
});
