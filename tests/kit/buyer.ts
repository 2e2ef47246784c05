import { randomUUID } from 'node:crypto';
import type { Amount } from '@shop/platform/money';
import { z } from 'zod';
import { shopClient, type ShopClient } from './shop-client.js';
import type { TestShop } from './shop.js';

const amount = z.object({ amountMinor: z.number(), currency: z.string() });
const cartId = z.object({ cart: z.object({ id: z.string() }) });
const readyCart = z.object({ cart: z.object({ id: z.string(), version: z.number(), totals: z.object({ total: amount }) }) });
const userError = z.looseObject({ __typename: z.string(), code: z.string(), message: z.string() });
const placed = z.object({
  __typename: z.literal('CheckoutPayload'),
  orderToken: z.string(),
  order: z.object({ id: z.string(), number: z.string(), status: z.string() }),
});
const published = z.object({ nodes: z.array(z.object({ variants: z.array(z.object({ sku: z.string() })) })) });
const statusEvent = z.object({ data: z.object({ orderStatusChanged: z.object({ status: z.string(), revision: z.number() }) }) });

export const berlin = { fullName: 'Grete Guest', line1: 'Torstraße 1', city: 'Berlin', postalCode: '10119', country: 'DE' };

export const CREATE_CART = 'mutation { createCart { cart { id } } }';
export const ADD_LINES = `mutation AddLines($input: AddCartLinesInput!) { addCartLines(input: $input) {
  __typename ... on CartPayload { cart { id version lines { id sku quantity } } } ... on UserError { code message } } }`;
export const SET_DELIVERY = `mutation SetDelivery($input: SetCartDeliveryInput!) { setCartDelivery(input: $input) {
  __typename ... on CartPayload { cart { id version totals { total { amountMinor currency } } problems { code } } } ... on UserError { code message } } }`;
export const CHECKOUT = `mutation Checkout($input: CheckoutInput!) { checkout(input: $input) {
  __typename
  ... on CheckoutPayload { orderToken order { id number status } }
  ... on UserError { code message }
  ... on CartNotReadyError { problems { code lineId } }
  ... on PriceChangedError { expectedTotal { amountMinor currency } currentTotal { amountMinor currency } }
  ... on IdempotencyConflictError { retryable } } }`;
const STATUS = 'subscription Status($id: ID!) { orderStatusChanged(orderId: $id, afterRevision: 0) { status revision } }';

/** A cart with everything that a checkout needs, and the buyer who has it. */
export interface ReadyCart {
  id: string;
  version: number;
  total: Amount;
  client: ShopClient;
}

export interface CartPlan {
  with(sku: string, quantity?: number): CartPlan;
  /** Where to; Berlin, standard delivery when left out. */
  to(address: Partial<typeof berlin>, deliveryOptionCode?: string): CartPlan;
  /** Makes the cart. Throws when the shop refuses a step of it. */
  ready(): Promise<ReadyCart>;
}

/** Plans a cart: `await guestCart(shop).with(sku, 2).ready()`. */
export function guestCart({ guest }: { guest: ShopClient }): CartPlan {
  return cartOf(guest);
}

/** The same for a client with a sign-in of its own. */
export function cartOf(client: ShopClient): CartPlan {
  return plan(client, [], berlin, 'standard');
}

function plan(client: ShopClient, lines: { sku: string; quantity: number }[], shippingAddress: typeof berlin, code: string): CartPlan {
  return {
    with: (sku, quantity = 1) => plan(client, [...lines, { sku, quantity }], shippingAddress, code),
    to: (address, deliveryOptionCode = code) => plan(client, lines, { ...berlin, ...address }, deliveryOptionCode),
    ready: async () => {
      const { cart } = cartId.parse(await client.get(CREATE_CART));
      await client.get(ADD_LINES, { input: { cartId: cart.id, lines } });
      const input = { cartId: cart.id, shippingAddress, deliveryOptionCode: code };
      const { id, version, totals } = readyCart.parse(await client.get(SET_DELIVERY, { input })).cart;
      return { id, version, total: totals.total, client };
    },
  };
}

export interface CheckoutChoice {
  expectedTotal?: Amount;
  /** null sends none, as a signed-in buyer may. */
  email?: string | null;
  paymentToken?: string;
  idempotencyKey?: string;
}

/** An order came of it: the one with `order`. Further fields of a refusal are there, but not typed. */
export type CheckoutAnswer = z.infer<typeof placed> | { __typename: string; code: string; message: string };

/** Checks a cart out; the answer may be any of the union. */
export async function checkOut({ id, total, client }: ReadyCart, choice: CheckoutChoice = {}): Promise<CheckoutAnswer> {
  const input = {
    cartId: id,
    expectedTotal: total,
    email: 'grete@shop.example',
    paymentToken: 'pm_card_visa',
    idempotencyKey: randomUUID(),
    ...choice,
  };
  return z.union([placed, userError]).parse(await client.get(CHECKOUT, { input }));
}

export interface PlacedOrder {
  id: string;
  number: string;
  status: string;
  orderToken: string;
}

/** Checks a cart out and throws unless an order comes of it. */
export async function placeOrder(cart: ReadyCart, choice: CheckoutChoice = {}): Promise<PlacedOrder> {
  const { order, orderToken } = placed.parse(await checkOut(cart, choice));
  return { ...order, orderToken };
}

/** A client that holds nothing but the token of one order. */
export function bearerOf({ url }: { url: string }, { orderToken }: { orderToken: string }): ShopClient {
  return shopClient(url, orderToken);
}

/** Follows an order until it has the status. Returns all statuses up to there; throws when the stream ends before. */
export async function untilStatus(client: ShopClient, orderId: string, status: string): Promise<string[]> {
  await using steps = client.follow(STATUS, { id: orderId });
  const seen: string[] = [];
  for await (const step of steps) {
    if (step.errors) throw new Error(`Expected ${status}, got ${JSON.stringify(step.errors)} after ${seen.join(', ')}`);
    const { orderStatusChanged } = statusEvent.parse(step).data;
    seen.push(orderStatusChanged.status);
    if (orderStatusChanged.status === status) return seen;
  }
  throw new Error(`The order never became ${status}: ${seen.join(', ')}`);
}

/** SKUs of published products, one a product, always the same ones in the same order. */
export async function someSkus({ guest }: { guest: ShopClient }, count = 2): Promise<string[]> {
  const page = published.parse(await guest.get(`{ products(first: ${count}, sort: NAME) { nodes { variants { sku } } } }`));
  return page.nodes.flatMap(({ variants }) => variants.slice(0, 1).map(({ sku }) => sku));
}

/** The mails of one person, oldest first, once the shop is quiet. */
export async function mailsTo(shop: TestShop, email: string): Promise<{ subject: string; text: string }[]> {
  await shop.settle();
  const { mailbox } = shop.shop;
  const own = (await mailbox.mails(1_000)).filter(({ to }) => to.includes(email)).toReversed();
  const mails = await Promise.all(own.map(({ id }) => mailbox.mail(id)));
  return mails.flatMap((mail) => (mail ? [{ subject: mail.subject, text: mail.text }] : []));
}

const ORDER = `query Order($id: ID!) { order(id: $id) {
  id number status statusReason revision email availableTransitions
  totals { total { amountMinor currency } }
  lines { id sku quantity }
  timeline { revision status actor }
  shipments { id status carrier trackingNumber lines { orderLineId quantity } events { status message } }
  payment { id status declineCode nextActionUrl method { brand last4 } capturedAmount { amountMinor } refundedAmount { amountMinor } } } }`;
const minor = z.object({ amountMinor: z.number() }).transform(({ amountMinor }) => amountMinor);
const orderSchema = z.object({
  id: z.string(),
  number: z.string(),
  status: z.string(),
  statusReason: z.string().nullable(),
  revision: z.number(),
  email: z.string(),
  availableTransitions: z.array(z.string()),
  totals: z.object({ total: amount }),
  lines: z.array(z.object({ id: z.string(), sku: z.string(), quantity: z.number() })),
  timeline: z.array(z.object({ revision: z.number(), status: z.string(), actor: z.string() })),
  shipments: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      carrier: z.string(),
      trackingNumber: z.string().nullable(),
      lines: z.array(z.object({ orderLineId: z.string(), quantity: z.number() })),
      events: z.array(z.object({ status: z.string(), message: z.string() })),
    }),
  ),
  payment: z
    .object({
      id: z.string(),
      status: z.string(),
      declineCode: z.string().nullable(),
      nextActionUrl: z.string().nullable(),
      method: z.object({ brand: z.string(), last4: z.string() }).nullable(),
      capturedAmount: minor,
      refundedAmount: minor,
    })
    .nullable(),
});

/** One order over all subgraphs; null when the client may not see it. */
export async function readOrder(client: ShopClient, id: string) {
  return orderSchema.nullable().parse(await client.get(ORDER, { id }));
}

const stock = z.object({ onHand: z.number(), reserved: z.number(), available: z.number() });

/** What lies on the shelves of a SKU, as staff see it. */
export async function stockOf(staff: ShopClient, sku: string) {
  return stock.parse(await staff.get('query Stock($sku: String!) { inventoryItem(sku: $sku) { onHand reserved available } }', { sku }));
}
