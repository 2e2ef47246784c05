import type { Database } from '@shop/platform/database';
import { notFound } from '@shop/platform/graphql-errors';
import type { Viewer } from '@shop/platform/viewer';
import { mayRead } from './access.js';
import type { OrderFeed } from './order-feed.js';
import type { Order } from './order.entity.js';
import type { OrderTimelineEntry } from './order-parts.js';
import { isTerminal } from './order.js';
import { findOrder } from './order.store.js';

export interface OrderStep {
  entry: OrderTimelineEntry;
  order: Order;
}

export interface Following {
  db: Database;
  feed: OrderFeed;
  viewer: Viewer;
  signal: AbortSignal;
}

/**
 * The steps of an order after `afterRevision` (0: all so far; null: the current one only), then each new one as it happens: in order,
 * none missing, none twice. Read from the timeline every time, so a message that is lost or repeated changes nothing, and the viewer's
 * right is checked anew for every step. Ends with the signal, and after a step that nothing can follow. Throws NOT_FOUND at once.
 */
export async function followOrder(orderId: string, afterRevision: number | null, following: Following): Promise<AsyncIterable<OrderStep>> {
  const order = await findOrder(following.db, orderId);
  if (!order || !mayRead(following.viewer, order)) throw notFound('Order');
  return steps(orderId, afterRevision, following);
}

async function* steps(orderId: string, afterRevision: number | null, { db, feed, viewer, signal }: Following): AsyncGenerator<OrderStep> {
  // Follow first, read then: a step between the two wakes the follower.
  using follower = feed.follow(orderId);
  let sent = afterRevision;
  while (!signal.aborted) {
    const order = await findOrder(db, orderId);
    if (!order || !mayRead(viewer, order)) return;
    const after = sent ?? order.revision - 1;
    for (const entry of order.timeline.filter(({ revision }) => revision > after)) {
      yield { entry, order };
      if (signal.aborted) return;
    }
    if (isTerminal(order.status)) return;
    sent = Math.max(after, order.revision);
    await follower.beyond(sent, signal);
  }
}
