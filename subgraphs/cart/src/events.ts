import { productChanged } from '@shop/events/catalog';
import { stockChanged } from '@shop/events/inventory';
import { orderPlaced, orderRejected } from '@shop/events/orders';
import { when, type Subscription } from '@shop/platform/consumer';
import { cartLinesOf } from './cart-order.js';
import type { CartServices } from './context.js';
import { putBackRejected, takeOutOrdered } from './postgres-cart-store.js';

/** What is ordered is no longer in the cart, and is there again when the order is rejected. */
export const handlers: readonly Subscription<CartServices>[] = [
  when(orderPlaced, async ({ data, traceparent }, tx, { clock, watch }: CartServices) => {
    const emptied = await takeOutOrdered(tx, data, clock.now());
    if (emptied) tx.afterCommit(() => watch.announce(emptied.cartId, emptied.version, traceparent));
  }),
  when(orderRejected, async ({ data: { orderId, cartId, lines }, traceparent }, tx, { clock, watch }: CartServices) => {
    if (cartId === null) return;
    const refilled = await putBackRejected(tx, { orderId, cartId, lines: cartLinesOf(lines) }, clock.now());
    if (refilled) tx.afterCommit(() => watch.announce(refilled.cartId, refilled.version, traceparent));
  }),
];

/** Everything that is heard, for the documentation: `stock-view.ts` and `catalog.ts` listen by themselves, without an inbox. */
export const subscriptions: readonly { contract: { type: string } }[] = [
  ...handlers,
  { contract: stockChanged },
  { contract: productChanged },
];
