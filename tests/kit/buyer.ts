import { randomUUID } from 'node:crypto';
import type { Amount } from '@shop/platform/money';
import { z } from 'zod';
import { shopClient, type ShopClient } from './shop-client.js';

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

const berlin = { fullName: 'Grete Guest', line1: 'Torstraße 1', city: 'Berlin', postalCode: '10119', country: 'DE' };

export const CREATE_CART = 'mutation { createCart { cart { id } } }';
export const ADD_LINES = `mutation AddLines($input: AddCartLinesInput!) { addCartLines(input: $input) {
  __typename ... on CartPayload { cart { id version lines { id sku quantity } } } ... on UserError { code message } } }`;
const SET_DELIVERY = `mutation SetDelivery($input: SetCartDeliveryInput!) { setCartDelivery(input: $input) {
  __typename ... on CartPayload { cart { id version totals { total { amountMinor currency } } problems { code } } } ... on UserError { code message } } }`;
const CHECKOUT = `mutation Checkout($input: CheckoutInput!) { checkout(input: $input) {
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

const CART_NOW = `query CartNow($id: ID!) { cart(id: $id) {
  id version totals { total { amountMinor currency } } lines { sku quantity } problems { code } } }`;
const cartNow = z.object({
  id: z.string(),
  version: z.number(),
  totals: z.object({ total: amount }),
  lines: z.array(z.object({ sku: z.string(), quantity: z.number() })),
  problems: z.array(z.object({ code: z.string() })),
});

/** The same cart as it is now, with its lines and what stands in the way of a checkout. Throws when it is gone. */
export async function lookAgain({ id, client }: ReadyCart) {
  const { totals, problems, ...cart } = cartNow.parse(await client.get(CART_NOW, { id }));
  return { ...cart, total: totals.total, problems: problems.map(({ code }) => code), client };
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

/** Which member of a union an answer is. */
export function typenameOf(answer: unknown): string {
  return z.looseObject({ __typename: z.string() }).parse(answer).__typename;
}
