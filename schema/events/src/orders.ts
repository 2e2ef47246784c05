import { z } from 'zod';
import { event } from './envelope.js';
import { instant, money } from './values.js';

const orderStatus = z.enum(['PLACED', 'CONFIRMED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'REJECTED', 'RETURNED']);

/** Who and what an order event is about; enough to write to the buyer without asking anyone. */
const orderReference = z.object({
  orderId: z.string(),
  orderNumber: z.string(),
  /** null for a guest. */
  customerId: z.string().nullable(),
  email: z.string(),
  locale: z.string(),
});

const orderLine = z.object({ sku: z.string(), productName: z.string(), variantName: z.string(), quantity: z.int(), unitPrice: money });

const totals = z.object({ subtotal: money, discount: money, shipping: money, tax: money, total: money });

export const orderPlaced = event(
  'orders.order-placed.v1',
  'order',
  'An order exists. Nothing is reserved or paid yet.',
  orderReference.extend({ cartId: z.string(), lines: z.array(orderLine), totals, placedAt: instant }),
);

export const orderStatusChanged = event(
  'orders.order-status-changed.v1',
  'order',
  'One step of an order, with the revision that it reached; the first one is PLACED with revision 1.',
  orderReference.extend({
    revision: z.int(),
    status: orderStatus,
    previousStatus: orderStatus.nullable(),
    reason: z.string().nullable(),
    message: z.string(),
    at: instant,
  }),
);

export const orderConfirmed = event(
  'orders.order-confirmed.v1',
  'order',
  'Stock is reserved and the payment authorised: the order will be delivered.',
  orderReference.extend({ lines: z.array(orderLine), totals }),
);

export const orderRejected = event(
  'orders.order-rejected.v1',
  'order',
  'The order could not be fulfilled: OUT_OF_STOCK, PAYMENT_DECLINED or TIMED_OUT. Nothing is charged.',
  orderReference.extend({
    reason: z.string(),
    /** Which cart it was made of; null when the order does not say, as in events of before. */
    cartId: z.string().nullable().default(null),
    lines: z.array(orderLine).default([]),
  }),
);

export const orderCancelled = event(
  'orders.order-cancelled.v1',
  'order',
  'Cancelled before shipment by the buyer or by staff; what was charged goes back.',
  orderReference.extend({ reason: z.string().nullable() }),
);

export const orderShipped = event(
  'orders.order-shipped.v1',
  'order',
  'A parcel is on its way, with all or some of the lines.',
  orderReference.extend({
    shipmentId: z.string(),
    carrier: z.string(),
    trackingNumber: z.string().nullable(),
    lines: z.array(orderLine),
    /** True when something of the order is still to be sent. */
    isPartial: z.boolean(),
  }),
);

export const orderDelivered = event('orders.order-delivered.v1', 'order', 'Everything of the order has arrived.', orderReference);
