import { orderShipped } from '@shop/events/orders';
import type { Database, Transaction } from '@shop/platform/database';
import { newId } from '@shop/platform/ids';
import { z } from 'zod';
import { advance, lockCheckout, type CheckoutServices } from './checkout-runner.js';
import { takeStep } from './order-steps.js';
import type { Order } from './order.entity.js';
import { availableTransitions, transition, type Transition } from './order.js';
import { readOrder } from './order.store.js';
import { planShipment, type ShippedQuantity, type ShipmentPlan } from './shipment.js';

export interface ShipmentRequest {
  orderId: string;
  carrier: string;
  trackingNumber: string | null;
  /** null: everything not yet shipped. */
  lines: ShippedQuantity[] | null;
}

export interface Acting {
  actor: string;
  traceparent: string | null;
}

export type ShippingOutcome =
  | { kind: 'shipped' }
  | { kind: 'missing' }
  | Extract<Transition, { kind: 'illegal' }>
  | Extract<ShipmentPlan, { kind: 'invalid' }>;

/** Sends a parcel with all or some of an order on its way: one transaction. */
export function shipOrder(db: Database, request: ShipmentRequest, acting: Acting, services: CheckoutServices): Promise<ShippingOutcome> {
  const { orderId } = request;
  return db.transaction(async (tx): Promise<ShippingOutcome> => {
    await lockCheckout(tx, orderId);
    const order = await readOrder(tx, orderId);
    if (!order) return { kind: 'missing' };
    const step = transition(order.status, 'SHIPPED');
    if (step.kind !== 'allowed') return illegalShipping(order);
    const plan = planShipment(order.lines, await shippedQuantities(tx, orderId), request.lines);
    if (plan.kind === 'invalid') return plan;
    const shipmentId = await insertShipment(tx, request, plan.lines, services.clock.now());
    await tellOfParcel(tx, order, { ...request, shipmentId, ...plan }, acting, services);
    return { kind: 'shipped' };
  });
}

function illegalShipping({ status }: Order): ShippingOutcome {
  return { kind: 'illegal', from: status, to: 'SHIPPED', allowed: availableTransitions(status) };
}

const linesRow = z.object({ lines: z.array(z.object({ orderLineId: z.string(), quantity: z.int() })) });

async function shippedQuantities(tx: Transaction, orderId: string): Promise<ShippedQuantity[]> {
  const rows = await tx.rows(linesRow, `select lines from shipment where order_id = $1`, [orderId]);
  return rows.flatMap(({ lines }) => lines);
}

async function insertShipment(
  tx: Transaction,
  { orderId, carrier, trackingNumber }: ShipmentRequest,
  lines: ShippedQuantity[],
  at: Date,
): Promise<string> {
  const id = newId();
  const first = { at: at.toISOString(), status: 'CREATED', location: null, message: 'The parcel is packed.' };
  await tx.run(
    `insert into shipment (id, order_id, carrier, tracking_number, status, lines, events, created_at) values ($1, $2, $3, $4, 'CREATED', $5, $6, $7)`,
    [id, orderId, carrier, trackingNumber, JSON.stringify(lines), JSON.stringify([first]), at],
  );
  return id;
}

interface Parcel extends ShipmentRequest {
  shipmentId: string;
  lines: ShippedQuantity[];
  isPartial: boolean;
}

async function tellOfParcel(tx: Transaction, order: Order, parcel: Parcel, acting: Acting, services: CheckoutServices): Promise<void> {
  const { id: orderId, number: orderNumber, customerId, email, locale } = order;
  const { traceparent, actor } = acting;
  await advance(tx, orderId, { type: 'order-shipped' }, services, { traceparent });
  const to = parcel.isPartial ? 'PARTIALLY_SHIPPED' : 'SHIPPED';
  if (order.status !== to) {
    const message = parcel.isPartial ? 'A part is on its way.' : 'Everything is on its way.';
    await takeStep(tx, orderId, { to, reason: null, message, actor, at: services.clock.now() }, { traceparent });
    tx.afterCommit(() => services.moved(orderId));
  }
  const { shipmentId, carrier, trackingNumber, isPartial } = parcel;
  const quantities = new Map(parcel.lines.map((line) => [line.orderLineId, line.quantity]));
  const lines = order.lines.flatMap(({ id, sku, productName, variantName, unitPrice }) => {
    const quantity = quantities.get(id);
    return quantity === undefined ? [] : [{ sku, productName, variantName, unitPrice, quantity }];
  });
  const about = { orderId, orderNumber, customerId, email, locale };
  tx.emit(orderShipped, { aggregateId: orderId, traceparent }, { ...about, shipmentId, carrier, trackingNumber, lines, isPartial });
}
