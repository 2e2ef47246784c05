import { orderPlaced, orderStatusChanged } from '@shop/events/orders';
import type { Database, Transaction } from '@shop/platform/database';
import { completeIdempotent, type IdempotencyKey } from '@shop/platform/idempotency';
import { newId } from '@shop/platform/ids';
import { z } from 'zod';
import { begin, type CheckoutServices } from './checkout-runner.js';
import type { OrderDraft } from './checkout.js';
import { Order } from './order.entity.js';
import type { OrderLine, OrderTimelineEntry } from './order-parts.js';
import { FIRST_STATUS } from './order.js';

export interface PlacingOrder {
  paymentToken: string;
  /** Who places it, for the timeline. */
  actor: string;
  idempotency: IdempotencyKey;
  traceparent: string | null;
}

export type PlacedOrder =
  | { kind: 'placed'; order: Order }
  /** This very cart, at this version, is an order already; nothing was done. */
  | { kind: 'already-ordered' };

/** What an idempotency key of a checkout answers with. The order token is made anew from it: equal each time, never stored. */
export const checkoutAnswer = z.object({ orderId: z.string() });

/**
 * One transaction: the order, its checkout with the first command, the answer to the idempotency key, and the events. One state of a cart
 * becomes one order at most, whatever keys are used.
 */
export function placeOrder(db: Database, draft: OrderDraft, placing: PlacingOrder, services: CheckoutServices): Promise<PlacedOrder> {
  const order = newOrder(draft, placing.actor, services.clock.now());
  return db.transaction(async (tx): Promise<PlacedOrder> => {
    const number = await insertOrder(tx, order, draft);
    if (number === null) return { kind: 'already-ordered' };
    order.number = number;
    const cause = { traceparent: placing.traceparent };
    const lines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }));
    const { id: orderId, customerId, email, locale, totals } = order;
    const authorization = { orderNumber: number, customerId, email, locale, amount: totals.total, paymentToken: placing.paymentToken };
    // The command goes out before the events: what the buyer waits for comes first.
    await begin(tx, orderId, { type: 'order-placed', orderId, lines, authorization }, null, services, cause);
    announceOrder(tx, order, draft.cartId, placing.traceparent);
    await completeIdempotent(tx, placing.idempotency, { orderId } satisfies z.input<typeof checkoutAnswer>, true);
    return { kind: 'placed', order };
  });
}

function newOrder(draft: OrderDraft, actor: string, placedAt: Date): Order {
  const { customerId, email, locale, lines, totals, shippingAddress, deliveryOption } = draft;
  const first: OrderTimelineEntry = { revision: 1, at: placedAt.toISOString(), status: FIRST_STATUS, message: 'Order placed.', actor };
  return Object.assign(new Order(), {
    customerId,
    email,
    locale,
    totals,
    shippingAddress,
    deliveryOption,
    id: newId(),
    number: '',
    status: FIRST_STATUS,
    revision: 1,
    statusReason: null,
    lines: lines.map((line): OrderLine => ({ id: newId(), ...line })),
    timeline: [first],
    placedAt,
  });
}

const numberRow = z.object({ number: z.string() });

async function insertOrder(tx: Transaction, order: Order, { cartId, cartVersion }: OrderDraft): Promise<string | null> {
  const { id, status, revision, customerId, email, locale, placedAt } = order;
  const documents = [order.lines, order.totals, order.shippingAddress, order.deliveryOption, order.timeline];
  const [row] = await tx.rows(
    numberRow,
    `insert into orders (id, number, status, revision, customer_id, email, locale, placed_at, cart_id, cart_version,
                         lines, totals, shipping_address, delivery_option, timeline)
     values ($1, 'S-' || nextval('order_number'), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     on conflict (cart_id, cart_version) do nothing returning number`,
    [id, status, revision, customerId, email, locale, placedAt, cartId, cartVersion, ...documents.map((d) => JSON.stringify(d))],
  );
  return row?.number ?? null;
}

function announceOrder(tx: Transaction, order: Order, cartId: string, traceparent: string | null): void {
  const { id: orderId, number: orderNumber, customerId, email, locale, lines, totals, timeline, placedAt } = order;
  const about = { orderId, orderNumber, customerId, email, locale };
  const emission = { aggregateId: orderId, traceparent };
  tx.emit(orderPlaced, emission, { ...about, cartId, lines, totals, placedAt: placedAt.toISOString() });
  tx.emit(orderStatusChanged, emission, {
    ...about,
    revision: order.revision,
    status: order.status,
    previousStatus: null,
    reason: null,
    message: timeline[0]?.message ?? '',
    at: placedAt.toISOString(),
  });
}
