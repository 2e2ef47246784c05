import { startCart } from '@shop/cart';
import { startCatalog } from '@shop/catalog';
import { seedCatalog } from '@shop/catalog/seed';
import { startInventory } from '@shop/inventory';
import { seedInventory } from '@shop/inventory/seed';
import { startOrders } from '@shop/orders';
import { startPayments, WEBHOOK_PATH } from '@shop/payments';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { directTransport, type SubgraphTransport } from '@shop/platform/subgraph-transport';
import type { Viewer } from '@shop/platform/viewer';
import { serveCardSandbox } from '@shop/standalone/card-sandbox/serve-card-sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestDatabase } from '../kit/postgres.js';
import { product, variant } from '../kit/seed-product.js';
import { as, claimsOf, dataOf, quietLogger, TEST_SECRET, userViewer } from '../kit/subgraph.js';

const stack = new AsyncDisposableStack();
let cart: RunningSubgraph;
let orders: RunningSubgraph;
let inventory: RunningSubgraph;
let payments: RunningSubgraph;

const staff = userViewer(newId(), ['orders:read', 'orders:write', 'payments:read', 'stock:read', 'stock:write']);

beforeAll(async () => {
  const url = async () => stack.use(await createTestDatabase()).url;
  const [goods, stock, carts, own, money] = [await url(), await url(), await url(), await url(), await url()];
  const skus = ['plenty', 'last', 'back', 'again'];
  await seedCatalog(goods, { categories: [], products: skus.map((sku) => product(sku, { variants: [variant(sku, 1_000)] })) });
  await seedInventory(stock, {
    levels: skus.map((sku) => ({ sku, warehouseCode: 'BER', onHand: sku === 'last' ? 1 : 100, safetyStock: 0 })),
  });
  const parts = { bus: stack.use(inProcessBus({ logger: quietLogger, backoffMs: [5] })), logger: quietLogger };
  const config = (databaseUrl: string) => ({ databaseUrl, envelopeSecrets: [TEST_SECRET] });
  const reach = (subgraph: RunningSubgraph): SubgraphTransport => directTransport(subgraph.server, TEST_SECRET);
  const [secretKey, webhookSecret] = ['sk_test_story', 'whsec_story'];
  const arriving: { take: (rawBody: string, headers: Record<string, string>) => Promise<number> } = { take: () => Promise.resolve(503) };
  const sandbox = await serveCardSandbox({
    host: '127.0.0.1',
    port: 0,
    journalFile: null,
    secretKey,
    webhook: { url: 'http://127.0.0.1:9/unused', secret: webhookSecret },
    deliver: (rawBody, headers) => arriving.take(rawBody, headers),
  });
  stack.use(sandbox);
  payments = stack.use(
    await startPayments(
      {
        ...config(money),
        orderTokenSecret: TEST_SECRET,
        secretKey,
        providerUrl: sandbox.url,
        webhookSecrets: [webhookSecret],
        returnUrl: 'http://shop.test/return',
      },
      parts,
    ),
  );
  arriving.take = async (rawBody, headers) =>
    (await payments.server.app.inject({ method: 'POST', url: WEBHOOK_PATH, headers, payload: rawBody })).statusCode;
  const catalog = stack.use(await startCatalog(config(goods), parts));
  inventory = stack.use(await startInventory(config(stock), parts));
  cart = stack.use(await startCart(config(carts), { ...parts, catalog: reach(catalog) }));
  const orderTokenSecret = 'an-order-token-secret-of-32-characters';
  orders = stack.use(await startOrders({ ...config(own), orderTokenSecret }, { ...parts, cart: reach(cart), users: reach(cart) }));
});

afterAll(() => stack.disposeAsync());

const address = { fullName: 'Ada', line1: 'Weg 1', city: 'Bonn', postalCode: '53111', country: 'DE' };

/** Buys one piece as a guest; resolves with the order's id. */
async function buy(sku: string, paymentToken: string): Promise<string> {
  const { __typename, order } = await tryToBuy(sku, paymentToken);
  if (!order) throw new Error(__typename);
  return order.id;
}

const outcome = z.object({ __typename: z.string(), order: z.object({ id: z.string() }).optional() });

async function tryToBuy(sku: string, paymentToken: string): Promise<z.output<typeof outcome>> {
  return checkOut(await fill(sku), paymentToken);
}

const ask = async (on: RunningSubgraph, text: string, input?: object) => dataOf(as(on)(text, input && { input }));

/** A guest's cart with one piece and an address; resolves with its id. */
async function fill(sku: string): Promise<string> {
  const made = z.object({ createCart: z.object({ cart: z.object({ id: z.string() }) }) });
  const cartId = made.parse(await ask(cart, `mutation { createCart { cart { id } } }`)).createCart.cart.id;
  await ask(cart, `mutation ($input: AddCartLinesInput!) { addCartLines(input: $input) { __typename } }`, {
    cartId,
    lines: [{ sku, quantity: 1 }],
  });
  await ask(cart, `mutation ($input: SetCartDeliveryInput!) { setCartDelivery(input: $input) { __typename } }`, {
    cartId,
    shippingAddress: address,
    deliveryOptionCode: 'standard',
  });
  return cartId;
}

const cartShape = z.object({
  version: z.int(),
  lines: z.array(z.object({ sku: z.string(), quantity: z.int() })),
  totals: z.object({ total: z.object({ amountMinor: z.int(), currency: z.string() }) }),
});

async function readCart(id: string): Promise<z.output<typeof cartShape>> {
  const text = `query ($id: ID!) { cart(id: $id) { version lines { sku quantity } totals { total { amountMinor currency } } } }`;
  return cartShape.parse((await dataOf(as(cart)(text, { id })))['cart']);
}

async function checkOut(cartId: string, paymentToken: string): Promise<z.output<typeof outcome>> {
  const expectedTotal = (await readCart(cartId)).totals.total;
  const input = { cartId, expectedTotal, email: 'g@shop.example', paymentToken, idempotencyKey: newId() };
  const bought = await ask(
    orders,
    `mutation ($input: CheckoutInput!) { checkout(input: $input) { __typename ... on CheckoutPayload { order { id } } } }`,
    input,
  );
  return outcome.parse(bought['checkout']);
}

const step = z.object({ orderStatusChanged: z.object({ status: z.string(), order: z.object({ statusReason: z.string().nullable() }) }) });

/** Follows the order as its guest does, until it reaches one of `ends`; resolves with all steps. */
async function follow(orderId: string, ...ends: string[]): Promise<string[]> {
  const viewer: Viewer = { kind: 'order-token', orderId };
  const query = `subscription ($orderId: ID!) { orderStatusChanged(orderId: $orderId, afterRevision: 0) { status order { statusReason } } }`;
  const stream = await directTransport(orders.server, TEST_SECRET).subscribe(
    { query, variables: { orderId } },
    claimsOf(viewer),
    AbortSignal.timeout(20_000),
  );
  if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream.errors));
  const seen: string[] = [];
  for await (const { data } of stream) {
    const now = step.parse(data).orderStatusChanged;
    seen.push([now.status, now.order.statusReason ?? []].flat().join(' '));
    if (ends.includes(now.status)) break;
  }
  return seen;
}

async function available(sku: string): Promise<unknown> {
  const { inventoryItem } = await dataOf(
    as(inventory, staff)(`query ($sku: String!) { inventoryItem(sku: $sku) { onHand reserved } }`, { sku }),
  );
  return inventoryItem;
}

async function paymentOf(id: string): Promise<unknown> {
  const text = `query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Order { payment { status refundedAmount { amountMinor } } } } }`;
  const { _entities } = await dataOf(as(payments, staff)(text, { keys: [{ __typename: 'Order', id }] }));
  return z.array(z.object({ payment: z.unknown() })).parse(_entities)[0]?.payment;
}

test('a good card: CONFIRMED, stock and money taken; cancelled: both back', async () => {
  const id = await buy('back', 'pm_card_visa');
  expect(await follow(id, 'CONFIRMED')).toEqual(['PLACED', 'CONFIRMED']);
  await expect.poll(() => available('back')).toEqual({ onHand: 99, reserved: 0 });
  await expect.poll(() => paymentOf(id)).toMatchObject({ status: 'CAPTURED' });
  await dataOf(as(orders, { kind: 'order-token', orderId: id })(`mutation { cancelOrder(input: { orderId: "${id}" }) { __typename } }`));
  expect((await follow(id, 'CANCELLED')).at(-1)).toBe('CANCELLED');
  await expect.poll(() => available('back')).toEqual({ onHand: 100, reserved: 0 });
  await expect.poll(() => paymentOf(id)).toMatchObject({ status: 'REFUNDED' });
});

test('a declined card: REJECTED, the stock is back', async () => {
  const id = await buy('plenty', 'pm_card_visa_chargeDeclined');
  expect((await follow(id, 'REJECTED')).at(-1)).toBe('REJECTED PAYMENT_DECLINED');
  await expect.poll(() => available('plenty')).toEqual({ onHand: 100, reserved: 0 });
});

test('a declined card: the cart is full again, and is bought with another card', async () => {
  const cartId = await fill('again');
  const first = await readCart(cartId);
  const declined = (await checkOut(cartId, 'pm_card_visa_chargeDeclined')).order?.id ?? '';
  expect((await follow(declined, 'REJECTED')).at(-1)).toBe('REJECTED PAYMENT_DECLINED');
  await expect.poll(() => readCart(cartId)).toEqual({ ...first, version: first.version + 2 });
  const bought = (await checkOut(cartId, 'pm_card_mastercard')).order?.id ?? '';
  expect(bought).not.toBe(declined);
  expect(await follow(bought, 'CONFIRMED')).toEqual(['PLACED', 'CONFIRMED']);
  await expect.poll(() => available('again')).toEqual({ onHand: 99, reserved: 0 });
  await expect.poll(() => paymentOf(bought)).toMatchObject({ status: 'CAPTURED' });
  expect(await paymentOf(declined)).toMatchObject({ status: 'DECLINED' });
  await expect.poll(async () => (await readCart(cartId)).lines).toEqual([]);
});

test('an order that its buyer cancels does not come back into the cart', async () => {
  const cartId = await fill('again');
  const id = (await checkOut(cartId, 'pm_card_visa')).order?.id ?? '';
  await follow(id, 'CONFIRMED');
  await dataOf(as(orders, { kind: 'order-token', orderId: id })(`mutation { cancelOrder(input: { orderId: "${id}" }) { __typename } }`));
  await follow(id, 'CANCELLED');
  await expect.poll(() => paymentOf(id)).toMatchObject({ status: 'REFUNDED' });
  expect((await readCart(cartId)).lines).toEqual([]);
});

test('eight buyers for the last piece: one gets it, the others pay nothing', async () => {
  const tries = await Promise.all(Array.from({ length: 8 }, () => tryToBuy('last', 'pm_card_visa')));
  const ends = await Promise.all(
    tries.map(async ({ __typename, order }) => (order ? (await follow(order.id, 'CONFIRMED', 'REJECTED')).at(-1) : __typename)),
  );
  expect(ends.filter((end) => end === 'CONFIRMED')).toHaveLength(1);
  expect(ends.filter((end) => end === 'REJECTED OUT_OF_STOCK' || end === 'CartNotReadyError')).toHaveLength(7);
  await expect.poll(() => available('last')).toEqual({ onHand: 0, reserved: 0 });
});
