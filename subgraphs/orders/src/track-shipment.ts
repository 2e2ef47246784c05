import type { Database, Transaction } from '@shop/platform/database';
import { isUuid } from '@shop/platform/ids';
import { z } from 'zod';
import { lockCheckout, type CheckoutServices } from './checkout-runner.js';
import { takeStep } from './order-steps.js';
import { readOrder } from './order.store.js';
import type { Acting } from './ship-order.js';
import { ShipmentStatus, trackingStep, type TrackingNote } from './shipment.js';

export type TrackingOutcome =
  | { kind: 'recorded'; orderId: string }
  | { kind: 'missing' }
  | { kind: 'illegal'; from: ShipmentStatus; to: ShipmentStatus; allowed: ShipmentStatus[] };

/** Records what a carrier says of a parcel. The order is delivered with the last parcel. A repeated message changes nothing. */
export async function trackShipment(
  db: Database,
  shipmentId: string,
  note: TrackingNote,
  acting: Acting,
  services: CheckoutServices,
): Promise<TrackingOutcome> {
  const orderId = isUuid(shipmentId) ? await orderOf(db, shipmentId) : null;
  if (orderId === null) return { kind: 'missing' };
  return db.transaction(async (tx): Promise<TrackingOutcome> => {
    await lockCheckout(tx, orderId);
    const parcels = await tx.rows(parcelRow, `select id, status, events from shipment where order_id = $1`, [orderId]);
    const parcel = parcels.find(({ id }) => id === shipmentId);
    if (!parcel) return { kind: 'missing' };
    const step = trackingStep(parcel.status, parcel.events.at(-1) ?? null, note);
    if (step.kind === 'repeated') return { kind: 'recorded', orderId };
    if (step.kind === 'illegal') return { kind: 'illegal', from: parcel.status, to: note.status, allowed: step.allowed };
    await append(tx, shipmentId, note, services.clock.now());
    const areOthersDelivered = parcels.every(({ id, status }) => id === shipmentId || status === 'DELIVERED');
    if (note.status === 'DELIVERED' && areOthersDelivered) await deliver(tx, orderId, acting, services);
    return { kind: 'recorded', orderId };
  });
}

const parcelRow = z.object({
  id: z.string(),
  status: z.enum(ShipmentStatus),
  events: z.array(z.object({ status: z.enum(ShipmentStatus), location: z.string().nullable(), message: z.string() })),
});

async function orderOf(db: Database, shipmentId: string): Promise<string | null> {
  const [row] = await db.rows(z.object({ order_id: z.string() }), `select order_id from shipment where id = $1`, [shipmentId]);
  return row?.order_id ?? null;
}

async function append(tx: Transaction, shipmentId: string, note: TrackingNote, at: Date): Promise<void> {
  await tx.run(`update shipment set status = $2, events = events || $3::jsonb where id = $1`, [
    shipmentId,
    note.status,
    JSON.stringify({ at: at.toISOString(), ...note }),
  ]);
}

/** While something is still to be sent, the order waits for that parcel too. */
async function deliver(tx: Transaction, orderId: string, { actor, traceparent }: Acting, services: CheckoutServices): Promise<void> {
  const order = await readOrder(tx, orderId);
  if (order?.status !== 'SHIPPED') return;
  const step = { to: 'DELIVERED', reason: null, message: 'Everything has arrived.', actor, at: services.clock.now() } as const;
  await takeStep(tx, orderId, step, { traceparent });
  tx.afterCommit(() => services.moved(orderId));
}
