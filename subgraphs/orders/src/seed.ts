import { createHash } from 'node:crypto';
import type { Transaction } from '@shop/platform/database';
import { z } from 'zod';
import type { CheckoutState } from './checkout-saga-state.js';
import { CHECKOUT } from './checkout-runner.js';
import type { OrderAddress, OrderContent, DraftLine } from './order-content.js';
import { SHOP_ACTOR, type OrderStatus, type TimelineEntry } from './order.js';
import { openOrdersDatabase } from './orders-database.js';
import type { ShipmentStatus, ShippedQuantity, TrackingNote } from './shipment.js';

/** A finished chapter of an order's life; everything is inserted as it is said. */
export interface SeedOrder extends OrderContent {
  id: string;
  /** Left out: the next one of the sequence. */
  number?: string;
  customerId: string | null;
  email: string;
  locale: string;
  statusReason?: string | null;
  shippingAddress: OrderAddress;
  /** Lines get an id when they have none. */
  lines: (DraftLine & { id?: string })[];
  /** The steps of the order, PLACED first; the last one is its status. `actor` left out: the shop. */
  timeline: { at: Date; status: OrderStatus; message?: string; actor?: string }[];
  /** Lines are named by their place in `lines`; left out: all of them. */
  shipments?: SeedShipment[];
}

export interface SeedShipment {
  id?: string;
  carrier: string;
  trackingNumber: string | null;
  lines?: { line: number; quantity: number }[];
  /** The last one is its status. Left out: packed when the order was shipped. */
  events: { at: Date; status: ShipmentStatus; location?: string | null; message: string }[];
}

const BATCH = 500;

/**
 * Inserts orders in any state, with parcels and a checkout that is over. An order still PLACED or on its way stays there: no command is
 * sent, no event emitted. Orders that exist already are left alone. Throws when the database cannot be reached or an order is impossible.
 */
export async function seedOrders(databaseUrl: string, orders: readonly SeedOrder[]): Promise<void> {
  await using db = await openOrdersDatabase(databaseUrl, 1);
  await db.migrate();
  await db.longTransaction(async (tx) => {
    for (let start = 0; start < orders.length; start += BATCH) await insertBatch(tx, orders.slice(start, start + BATCH));
  });
}

async function insertBatch(tx: Transaction, orders: readonly SeedOrder[]): Promise<void> {
  const rows = orders.map((order) => ({
    order,
    lines: order.lines.map((line, index) => ({ id: derivedId(order.id, 'line', index), ...line })),
  }));
  const inserted = await tx.rows(z.object({ id: z.string() }), INSERT_ORDERS, [JSON.stringify(rows.map(orderRow))]);
  const ids = new Set(inserted.map(({ id }) => id));
  const added = rows.filter(({ order }) => ids.has(order.id));
  await tx.run(INSERT_SHIPMENTS, [JSON.stringify(added.flatMap(shipmentRows))]);
  await tx.run(INSERT_SAGAS, [JSON.stringify(added.map(({ order }) => sagaRow(order)))]);
}

const INSERT_ORDERS = `insert into orders (id, number, status, status_reason, revision, customer_id, email, locale, lines, totals,
    shipping_address, delivery_option, timeline, placed_at)
  select id, coalesce(number, 'S-' || nextval('order_number')), status, status_reason, revision, customer_id, email, locale, lines, totals,
    shipping_address, delivery_option, timeline, placed_at
  from jsonb_to_recordset($1::jsonb) as r (id uuid, number text, status text, status_reason text, revision int, customer_id text, email text,
    locale text, lines jsonb, totals jsonb, shipping_address jsonb, delivery_option jsonb, timeline jsonb, placed_at timestamptz)
  order by placed_at on conflict (id) do nothing returning id`;

const INSERT_SHIPMENTS = `insert into shipment (id, order_id, carrier, tracking_number, status, lines, events, created_at)
  select id, order_id, carrier, tracking_number, status, lines, events, created_at
  from jsonb_to_recordset($1::jsonb) as r (id uuid, order_id uuid, carrier text, tracking_number text, status text, lines jsonb, events jsonb,
    created_at timestamptz)
  on conflict (id) do nothing`;

const INSERT_SAGAS = `insert into saga (type, id, state)
  select '${CHECKOUT}', r.id, r.state from jsonb_to_recordset($1::jsonb) as r (id text, state jsonb) on conflict (type, id) do nothing`;

/** The same for the same order: sample data is equal wherever it is inserted (UUID version 8, RFC 9562 section 5.8). */
function derivedId(orderId: string, kind: string, index: number): string {
  const hex = createHash('sha256').update(`${orderId}/${kind}/${index}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

interface Numbered {
  order: SeedOrder;
  lines: (DraftLine & { id: string })[];
}

function orderRow({ order, lines }: Numbered): object {
  const timeline = order.timeline.map(({ at, status, message, actor }, index): TimelineEntry => ({
    revision: index + 1,
    at: at.toISOString(),
    status,
    message: message ?? MESSAGES[status],
    actor: actor ?? SHOP_ACTOR,
  }));
  return {
    id: order.id,
    number: order.number ?? null,
    status: statusOf(order),
    status_reason: order.statusReason ?? null,
    revision: timeline.length,
    customer_id: order.customerId,
    email: order.email,
    locale: order.locale,
    lines,
    totals: order.totals,
    shipping_address: order.shippingAddress,
    delivery_option: order.deliveryOption,
    timeline,
    placed_at: order.timeline[0]?.at,
  };
}

const MESSAGES: Readonly<Record<OrderStatus, string>> = {
  PLACED: 'Order placed.',
  CONFIRMED: 'Stock is reserved and the payment authorised.',
  PARTIALLY_SHIPPED: 'A part is on its way.',
  SHIPPED: 'Everything is on its way.',
  DELIVERED: 'Everything has arrived.',
  CANCELLED: 'Cancelled before shipment.',
  REJECTED: 'The order could not be fulfilled.',
  RETURNED: 'Everything came back.',
};

function shipmentRows({ order, lines }: Numbered): object[] {
  return (order.shipments ?? []).map((shipment, index) => {
    const named = shipment.lines ?? lines.map(({ quantity }, line) => ({ line, quantity }));
    const events = shipment.events.map(({ at, status, location, message }): TrackingNote & { at: string } => ({
      at: at.toISOString(),
      status,
      location: location ?? null,
      message,
    }));
    return {
      id: shipment.id ?? derivedId(order.id, 'shipment', index),
      order_id: order.id,
      carrier: shipment.carrier,
      tracking_number: shipment.trackingNumber,
      status: events.at(-1)?.status ?? 'CREATED',
      lines: named.map(({ line, quantity }): ShippedQuantity => ({ orderLineId: lines[line]?.id ?? '', quantity })),
      events,
      created_at: shipment.events[0]?.at ?? order.timeline.at(-1)?.at,
    };
  });
}

function sagaRow(order: SeedOrder): { id: string; state: CheckoutState } {
  const status = statusOf(order);
  const isUndone = status === 'REJECTED' || status === 'CANCELLED';
  const state: CheckoutState = {
    step: 'complete',
    orderId: order.id,
    stock: isUndone ? 'gone' : 'committed',
    payment: isUndone ? 'gone' : 'captured',
    isShipped: order.timeline.some((entry) => entry.status === 'PARTIALLY_SHIPPED' || entry.status === 'SHIPPED'),
    outcome: isUndone ? status : 'CONFIRMED',
    reason: isUndone ? (order.statusReason ?? status) : null,
    attempts: 0,
    deadlineAt: null,
  };
  return { id: order.id, state };
}

function statusOf({ timeline }: SeedOrder): OrderStatus {
  const last = timeline.at(-1);
  if (!last) throw new Error('An order without a timeline.');
  return last.status;
}
