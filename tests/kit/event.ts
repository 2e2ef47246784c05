import { orderPlaced, orderRejected } from '@shop/events/orders';
import type { EventEnvelope } from '@shop/platform/event';
import { newId } from '@shop/platform/ids';

/** An event as its owner sends it. `data` is not checked: a test may send what breaks the contract. */
export function eventOf(
  { type }: { type: string },
  aggregateId: string,
  data: unknown,
  { at = new Date(), version = 1 }: { at?: Date; version?: number } = {},
): EventEnvelope {
  const occurredAt = at.toISOString();
  return { id: newId(), type, aggregateId, aggregateVersion: version, occurredAt, traceparent: null, causationId: null, data };
}

/** order-placed of a guest's cart with so many of each SKU. */
export function orderPlacedOf(cartId: string, lines: Readonly<Record<string, number>>, at = new Date()): EventEnvelope {
  const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
  const orderId = newId();
  const data = orderPlaced.data.parse({
    orderId,
    orderNumber: 'S-1',
    customerId: null,
    email: 'a@b.example',
    locale: 'en',
    cartId,
    lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity, productName: 'P', variantName: 'V', unitPrice: eur(100) })),
    totals: { subtotal: eur(1), discount: eur(0), shipping: eur(0), tax: eur(0), total: eur(1) },
    placedAt: at.toISOString(),
  });
  return eventOf(orderPlaced, orderId, data, { at });
}

/** order-rejected of an order that was placed by this event. */
export function orderRejectedOf(placed: EventEnvelope, at = new Date()): EventEnvelope {
  const data = orderRejected.data.parse({ ...orderPlaced.data.parse(placed.data), reason: 'PAYMENT_DECLINED' });
  return eventOf(orderRejected, placed.aggregateId, data, { at, version: placed.aggregateVersion + 1 });
}
