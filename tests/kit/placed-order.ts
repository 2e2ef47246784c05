import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ShopClient } from './shop-client.js';

export interface PlacedOrder {
  id: string;
  number: string;
  orderToken: string;
}

const address = { fullName: 'Anna Example', line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', country: 'DE' };

const BROWSE = '{ products(first: 1, sort: NAME) { nodes { variants { sku } } } }';
const CREATE = 'mutation { createCart { cart { id } } }';
const ADD = 'mutation A($input: AddCartLinesInput!) { addCartLines(input: $input) { __typename } }';
const DELIVER = `mutation D($input: SetCartDeliveryInput!) { setCartDelivery(input: $input) {
  ... on CartPayload { cart { availableDeliveryOptions { code } totals { total { amountMinor currency } } } } } }`;
const CHECKOUT = `mutation C($input: CheckoutInput!) { checkout(input: $input) {
  ... on CheckoutPayload { orderToken order { id number } } ... on UserError { code message } } }`;
const SHIP = `mutation S($input: CreateShipmentInput!) { createShipment(input: $input) { ... on OrderPayload { order { status } } ... on UserError { code message } } }`;
const SHIPMENTS = 'query O($id: ID!) { order(id: $id) { shipments { id } } }';
const TRACK = `mutation T($input: AddTrackingEventInput!) { addTrackingEvent(input: $input) { ... on OrderPayload { order { status } } ... on UserError { code message } } }`;

const browseSchema = z.object({ nodes: z.array(z.object({ variants: z.array(z.object({ sku: z.string() })) })) });
const createSchema = z.object({ cart: z.object({ id: z.string() }) });
const deliverSchema = z.object({
  cart: z.object({
    availableDeliveryOptions: z.array(z.object({ code: z.string() })),
    totals: z.object({ total: z.object({ amountMinor: z.number(), currency: z.string() }) }),
  }),
});
const checkoutSchema = z.object({ orderToken: z.string(), order: z.object({ id: z.string(), number: z.string() }) });
const shipmentsSchema = z.object({ shipments: z.array(z.object({ id: z.string() })) });
const movedSchema = z.object({ order: z.object({ status: z.string() }) });

export interface Purchase {
  /** Default: anna@shop.example. */
  email?: string;
  /** Default: a card that is approved. */
  paymentToken?: string;
}

/** Buys one of the first product as a frontend would. Throws when anything but an order comes of it. */
export async function placeOrder(client: ShopClient, purchase: Purchase = {}): Promise<PlacedOrder> {
  const { email = 'anna@shop.example', paymentToken = 'pm_card_visa' } = purchase;
  const { nodes } = browseSchema.parse(await client.get(BROWSE));
  const sku = nodes[0]?.variants[0]?.sku ?? '';
  const { cart } = createSchema.parse(await client.get(CREATE));
  await client.get(ADD, { input: { cartId: cart.id, lines: [{ sku, quantity: 1 }] } });
  const addressed = deliverSchema.parse(await client.get(DELIVER, { input: { cartId: cart.id, shippingAddress: address } }));
  const deliveryOptionCode = addressed.cart.availableDeliveryOptions[0]?.code;
  const ready = deliverSchema.parse(await client.get(DELIVER, { input: { cartId: cart.id, deliveryOptionCode } }));
  const input = {
    cartId: cart.id,
    expectedTotal: ready.cart.totals.total,
    email,
    paymentToken,
    idempotencyKey: randomUUID(),
  };
  const { orderToken, order } = checkoutSchema.parse(await client.get(CHECKOUT, { input }));
  return { ...order, orderToken };
}

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
