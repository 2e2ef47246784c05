import { expect, it } from 'vitest';
import { bearerOf, guestCart, lookAgain, placeOrder, someSkus, untilStatus } from '../../kit/buyer.js';
import { mailsTo, readOrder } from '../../kit/views.js';
import { expectBooksToCheck } from '../../chaos/faults/shop-under-fault.js';
import type { ShopNow } from './one-replica.js';

/** What one order has led to, by the outbox of whoever sent it. */
const SENT = `select type, count(*)::int as times from outbox where aggregate_id = $1 and type = any($2) group by 1 order by 1`;
const ONCE = ['orders.order-rejected.v1', 'payments.void.v1'];

export function timers(shop: ShopNow): void {
  it('a payment that nobody confirms times out once and its cart is full again, though both replicas look for such', async () => {
    const [sku = ''] = await someSkus(shop(), 1);
    const buyers = Array.from({ length: 6 }, (_, place) => `gone-${place}@shop.example`);
    const carts = await Promise.all(buyers.map(() => guestCart(shop()).with(sku).ready()));
    const orders = await Promise.all(
      carts.map((cart, place) => placeOrder(cart, { email: buyers[place] ?? null, paymentToken: 'pm_card_threeDSecure2Required' })),
    );
    for (const order of orders) expect(await untilStatus(bearerOf(shop(), order), order.id, 'REJECTED')).toEqual(['PLACED', 'REJECTED']);
    await shop().settle();
    for (const order of orders) {
      expect(await readOrder(bearerOf(shop(), order), order.id)).toMatchObject({
        statusReason: 'TIMED_OUT',
        payment: { status: 'VOIDED' },
      });
      expect(await shop().sql('orders', SENT, [order.id, ONCE])).toEqual(ONCE.map((type) => ({ type, times: 1 })));
    }
    for (const cart of carts) {
      expect(await lookAgain(cart)).toMatchObject({ version: cart.version + 2, total: cart.total, lines: [{ sku, quantity: 1 }] });
    }
    for (const email of buyers) {
      const mails = await mailsTo(shop(), email);
      expect(mails.filter(({ text }) => text.includes('not confirmed in time'))).toHaveLength(1);
    }
    await expectBooksToCheck(shop());
  });
}
