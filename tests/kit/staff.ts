import { z } from 'zod';
import type { ShopClient } from './shop-client.js';

const SHIP = `mutation S($input: CreateShipmentInput!) { createShipment(input: $input) { ... on OrderPayload { order { status } } ... on UserError { code message } } }`;
const SHIPMENTS = 'query O($id: ID!) { order(id: $id) { shipments { id } } }';
const TRACK = `mutation T($input: AddTrackingEventInput!) { addTrackingEvent(input: $input) { ... on OrderPayload { order { status } } ... on UserError { code message } } }`;

const shipmentsSchema = z.object({ shipments: z.array(z.object({ id: z.string() })) });
const movedSchema = z.object({ order: z.object({ status: z.string() }) });

/** Staff sends everything of a confirmed order. Returns its status. */
export async function shipOrder(staff: ShopClient, orderId: string): Promise<string> {
  const answer = await staff.get(SHIP, { input: { orderId, carrier: 'Test Post', trackingNumber: 'TRACK-1' } });
  return movedSchema.parse(answer).order.status;
}

/** Staff reports every parcel of an order as delivered. Returns its status. */
export async function deliverOrder(staff: ShopClient, orderId: string): Promise<string> {
  const { shipments } = shipmentsSchema.parse(await staff.get(SHIPMENTS, { id: orderId }));
  let status = '';
  for (const { id } of shipments) {
    const answer = await staff.get(TRACK, { input: { shipmentId: id, status: 'DELIVERED', message: 'Handed over.' } });
    status = movedSchema.parse(answer).order.status;
  }
  return status;
}
