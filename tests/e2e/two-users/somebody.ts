import { z } from 'zod';
import { cartOf, placeOrder, untilStatus, type PlacedOrder } from '../../kit/buyer.js';
import { shipOrder } from '../../kit/staff.js';
import { shopClient, type ShopClient } from '../../kit/shop-client.js';
import type { TestShop } from '../../kit/shop.js';
import type { Ids } from './api-operations.js';

const session = z.object({ accessToken: z.string(), refreshToken: z.string(), user: z.object({ id: z.string() }) });
const created = z.object({ cart: z.object({ id: z.string() }) });
const known = z.object({
  order: z.object({
    lines: z.tuple([z.object({ id: z.string() })]),
    payment: z.object({ id: z.string() }),
    shipments: z.tuple([z.object({ id: z.string() })]),
  }),
  cart: z.object({ lines: z.array(z.object({ id: z.string() })).min(1) }),
  me: z.object({ notifications: z.object({ nodes: z.array(z.object({ id: z.string() })).min(1) }) }),
});

const REGISTER = `mutation R($input: RegisterUserInput!) { registerUser(input: $input) {
  ... on AuthSession { accessToken refreshToken user { id } } ... on UserError { code message } } }`;
const ADD_ADDRESS = 'mutation A($input: AddAddressInput!) { addAddress(input: $input) { ... on AddressPayload { entry { id } } } }';
const MERGE = 'mutation M($id: ID!) { mergeCart(guestCartId: $id) { __typename } }';
const KNOWN = `query K($order: ID!, $cart: ID!) { order(id: $order) { lines { id } payment { id } shipments { id } } cart(id: $cart) { lines { id } }
  me { notifications { nodes { id } } } }`;

/** A customer with everything that a customer can have. */
export interface Somebody {
  client: ShopClient;
  userId: string;
  ids: Ids;
  /** One with a parcel on its way, and an older one. */
  orders: [PlacedOrder, PlacedOrder];
}

export const passwordOf = (surname: string): string => `the-password-of-${surname}`;

/** Registers a person and lets them own an address, a cart, orders, payments and notifications; their name is in all of it. */
export async function somebody(shop: TestShop, staff: ShopClient, surname: string, sku: string): Promise<Somebody> {
  const email = `${surname.toLowerCase()}@shop.example`;
  const input = { email, displayName: `Alex ${surname}`, password: passwordOf(surname) };
  const { accessToken, refreshToken, user } = session.parse(await shop.guest.get(REGISTER, { input }));
  const client = shopClient(shop.url, accessToken);
  const address = { fullName: `Alex ${surname}`, line1: `${surname} Street 1`, city: 'Berlin', postalCode: '10115', country: 'DE' };
  await client.get(ADD_ADDRESS, { input: { label: surname, address } });
  const buy = async () => placeOrder(await cartOf(client).with(sku).to(address).ready(), { email: null });
  const older = await buy();
  await shop.settle();
  const order = await buy();
  await untilStatus(client, order.id, 'CONFIRMED');
  await shop.settle();
  await shipOrder(staff, order.id);
  const merged = created.parse(await shop.guest.get('mutation { createCart { cart { id } } }')).cart.id;
  await client.get(MERGE, { id: merged });
  const cart = await cartOf(client).with(sku, 2).to(address).ready();
  await shop.settle();
  const facts = known.parse((await client.ask(KNOWN, { order: order.id, cart: cart.id })).data);
  return {
    client,
    userId: user.id,
    orders: [order, older],
    ids: {
      cartId: cart.id,
      mergedCartId: merged,
      lineId: facts.cart.lines[0]?.id ?? '',
      orderId: order.id,
      orderNumber: order.number,
      orderToken: order.orderToken,
      orderLineId: facts.order.lines[0].id,
      shipmentId: facts.order.shipments[0].id,
      paymentId: facts.order.payment.id,
      notificationId: facts.me.notifications.nodes[0]?.id ?? '',
      email,
      refreshToken,
    },
  };
}
