import { orderPlaced, orderRejected } from '@shop/events/orders';
import type { Clock } from '@shop/platform/clock';
import { parkEvent } from '@shop/platform/dead-letter';
import type { Database } from '@shop/platform/database';
import type { EventEnvelope } from '@shop/platform/event';
import type { EventBus } from '@shop/platform/event-bus';
import { failpoint } from '@shop/platform/failpoint';
import { RedisUnavailable } from '@shop/platform/redis';
import { cartLinesOf, type ChangedCart } from '../cart-order.js';
import type { CartWatch } from '../cart-watch.js';
import type { RedisCartStore } from './redis-cart-store.js';

const CONSUMER = 'cart-orders';

export interface OrderedCarts {
  carts: Pick<RedisCartStore, 'takeOut' | 'putBack'>;
  watch: Pick<CartWatch, 'announce'>;
  db: Database;
  bus: EventBus;
  clock: Clock;
}

/**
 * What is ordered is no longer in the cart, and is there again when the order is rejected. Needs no inbox: a cart remembers the orders that
 * it has followed.
 */
export function followOrders({ carts, watch, db, bus, clock }: OrderedCarts): AsyncDisposable {
  return bus.consume({
    name: CONSUMER,
    types: [orderPlaced.type, orderRejected.type],
    handle: async (event) => {
      failpoint('consumer-before-commit');
      const changed = await changeOf(event, carts, clock.now());
      if (changed) watch.announce(changed.cartId, changed.version, event.traceparent);
    },
    park: async (event, error, attempts) => {
      // Nothing is wrong with the event: it waits until Redis is back.
      if (error instanceof RedisUnavailable) throw error;
      await parkEvent(db, CONSUMER, event, error, attempts);
    },
  });
}

async function changeOf(event: EventEnvelope, carts: OrderedCarts['carts'], now: Date): Promise<ChangedCart | null> {
  if (event.type === orderPlaced.type) return carts.takeOut(orderPlaced.data.parse(event.data), event.id, now);
  const { orderId, cartId, lines } = orderRejected.data.parse(event.data);
  return cartId === null ? null : carts.putBack({ orderId, cartId, lines: cartLinesOf(lines) }, now);
}
