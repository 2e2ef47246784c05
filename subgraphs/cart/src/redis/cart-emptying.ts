import { orderPlaced } from '@shop/events/orders';
import type { Clock } from '@shop/platform/clock';
import { parkEvent } from '@shop/platform/dead-letter';
import type { Database } from '@shop/platform/database';
import type { EventBus } from '@shop/platform/event-bus';
import { failpoint } from '@shop/platform/failpoint';
import { RedisUnavailable } from '@shop/platform/redis';
import type { CartWatch } from '../cart-watch.js';
import type { RedisCartStore } from './redis-cart-store.js';

const CONSUMER = 'cart-orders';

export interface CartEmptying {
  carts: Pick<RedisCartStore, 'takeOut'>;
  watch: Pick<CartWatch, 'announce'>;
  db: Database;
  bus: EventBus;
  clock: Clock;
}

/** What is ordered is no longer in the cart. Needs no inbox: a cart remembers which orders were taken out of it. */
export function emptyOrderedCarts({ carts, watch, db, bus, clock }: CartEmptying): AsyncDisposable {
  return bus.consume({
    name: CONSUMER,
    types: [orderPlaced.type],
    handle: async (event) => {
      const { cartId, lines } = orderPlaced.data.parse(event.data);
      failpoint('consumer-before-commit');
      const emptied = await carts.takeOut(cartId, lines, event.id, clock.now());
      if (emptied) watch.announce(emptied.cartId, emptied.version, event.traceparent);
    },
    park: async (event, error, attempts) => {
      // Nothing is wrong with the event: it waits until Redis is back.
      if (error instanceof RedisUnavailable) throw error;
      await parkEvent(db, CONSUMER, event, error, attempts);
    },
  });
}
