import { productChanged } from '@shop/events/catalog';
import { stockChanged } from '@shop/events/inventory';
import { orderPlaced } from '@shop/events/orders';
import { when, type Subscription } from '@shop/platform/consumer';
import type { CartServices } from './context.js';
import { takeOutOrdered } from './postgres-cart-store.js';

/** What is ordered is no longer in the cart. */
export const handlers: readonly Subscription<CartServices>[] = [
  when(orderPlaced, async ({ data: { cartId, lines }, traceparent }, tx, { clock, watch }: CartServices) => {
    const emptied = await takeOutOrdered(tx, cartId, lines, clock.now());
    if (emptied) tx.afterCommit(() => watch.announce(emptied.cartId, emptied.version, traceparent));
  }),
];

/** Everything that is heard, for the documentation: `stock-view.ts` and `catalog.ts` listen by themselves, without an inbox. */
export const subscriptions: readonly { contract: { type: string } }[] = [
  ...handlers,
  { contract: stockChanged },
  { contract: productChanged },
];
