import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { z } from 'zod';
import { shopClient } from '../kit/shop-client.js';
import { shopProcess, type ShopProcess } from '../kit/shop-process.js';
import { percentile } from './percentile.js';

const cartId = z.object({ data: z.object({ createCart: z.object({ cart: z.object({ id: z.string() }) }) }) });
const totals = z.object({
  data: z.object({
    setCartDelivery: z.object({
      cart: z.object({ totals: z.object({ total: z.object({ amountMinor: z.number(), currency: z.string() }) }) }),
    }),
  }),
});
const placed = z.object({ data: z.object({ checkout: z.object({ order: z.object({ id: z.string() }) }) }) });

const CREATE = 'mutation { createCart { cart { id } } }';
const ADD = 'mutation A($input: AddCartLinesInput!) { addCartLines(input: $input) { __typename } }';
const DELIVER =
  'mutation D($input: SetCartDeliveryInput!) { setCartDelivery(input: $input) { ... on CartPayload { cart { totals { total { amountMinor currency } } } } } }';
const CHECKOUT =
  'mutation C($input: CheckoutInput!) { checkout(input: $input) { __typename ... on CheckoutPayload { order { id } orderToken } } }';
const address = { fullName: 'Bench Buyer', line1: 'Lindenstraße 12', city: 'Berlin', postalCode: '10969', country: 'DE' };

/**
 * Complete guest checkouts in a closed loop: cart, two lines, address and delivery, checkout, and the next one when the order is CONFIRMED.
 * The load runs on the same cores. Prints the rates and checks the books; true when nothing was oversold, charged twice or left unsent.
 */
export async function benchCheckout({ seconds, buyers }: { seconds: number; buyers: number }): Promise<boolean> {
  await using shop = await shopProcess();
  await shop.start();
  const skus = await stockUp(shop, 60);
  const pool = new Pool(shop.url, { connections: buyers });
  using confirmed = confirmations(shop);
  const latencies: number[] = [];
  const post = async (query: string, variables: object = {}): Promise<unknown> => {
    const answer = await pool.request({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return answer.body.json();
  };
  const buy = async (): Promise<number> => {
    const id = cartId.parse(await post(CREATE)).data.createCart.cart.id;
    const lines = [0, 1].map(() => ({ sku: skus[Math.floor(Math.random() * skus.length)], quantity: 1 }));
    await post(ADD, { input: { cartId: id, lines } });
    const expectedTotal = totals.parse(
      await post(DELIVER, { input: { cartId: id, shippingAddress: address, deliveryOptionCode: 'standard' } }),
    ).data.setCartDelivery.cart.totals.total;
    const begun = performance.now();
    const input = { cartId: id, expectedTotal, email: 'bench@shop.example', paymentToken: 'pm_card_visa', idempotencyKey: randomUUID() };
    await confirmed.wait(placed.parse(await post(CHECKOUT, { input })).data.checkout.order.id);
    return performance.now() - begun;
  };
  for (let warmUp = 0; warmUp < 50; warmUp++) await buy();
  const [begun, cpuBefore] = [performance.now(), await shop.cpuMs()];
  await Promise.all(
    Array.from({ length: buyers }, async () => {
      while (performance.now() - begun < seconds * 1000) latencies.push(await buy());
    }),
  );
  const elapsed = (performance.now() - begun) / 1000;
  await pool.close();
  await untilQuiet(shop);
  const cpuMs = (await shop.cpuMs()) - cpuBefore;
  const books = await checkBooks(shop);
  console.log(
    `checkouts per second           ${(latencies.length / elapsed).toFixed(1)}   (${latencies.length} in ${elapsed.toFixed(1)} s, ${buyers} buyers at a time)`,
  );
  console.log(
    `checkout to CONFIRMED          p50 ${percentile(latencies, 0.5).toFixed(0)} ms, p95 ${percentile(latencies, 0.95).toFixed(0)} ms`,
  );
  console.log(`processor time of the shop     ${(cpuMs / latencies.length).toFixed(1)} ms a checkout, without PostgreSQL`);
  console.log(`resident memory                ${(await shop.residentMegabytes()).toFixed(0)} MB without PostgreSQL`);
  for (const [name, count] of Object.entries(books)) console.log(`${name.padEnd(30)} ${count}`);
  return Object.values(books).every((count) => count === 0);
}

/** Enough of some SKUs that only the shop's speed is measured. */
async function stockUp(shop: ShopProcess, count: number): Promise<string[]> {
  const staff = shopClient(shop.url, await shop.guest.signIn('staff@shop.example', 'demo-shop-password'));
  const rows = await shop.sql<{ sku: string }>('inventory', `select distinct sku from stock_level order by sku`);
  const published = z.object({ nodes: z.array(z.object({ variants: z.array(z.object({ sku: z.string() })) })) });
  const page = published.parse(await staff.get('{ products(filter: { status: PUBLISHED }, first: 100) { nodes { variants { sku } } } }'));
  const known = new Set(rows.map(({ sku }) => sku));
  const skus = page.nodes
    .flatMap(({ variants }) => variants.map(({ sku }) => sku))
    .filter((sku) => known.has(sku))
    .slice(0, count);
  for (const sku of skus) {
    await staff.get('mutation R($input: ReceiveStockInput!) { receiveStock(input: $input) { __typename } }', {
      input: { sku, warehouseCode: 'BER', quantity: 100_000, reference: 'bench', idempotencyKey: `bench-${sku}` },
    });
  }
  return skus;
}

/** Sees orders become CONFIRMED in their own database, so that watching costs the shop nothing. */
function confirmations(shop: ShopProcess) {
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  let isStopped = false;
  const watch = async () => {
    while (!isStopped) {
      const ids = [...waiting.keys()];
      const rows =
        ids.length === 0
          ? []
          : await shop.sql<{ id: string; status: string }>(
              'orders',
              `select id, status from orders where id = any($1::uuid[]) and status <> 'PLACED'`,
              [ids],
            );
      for (const { id, status } of rows) {
        const waiter = waiting.get(id);
        waiting.delete(id);
        if (status === 'CONFIRMED') waiter?.resolve();
        else waiter?.reject(new Error(`Order ${id} became ${status}`));
      }
      await delay(10);
    }
  };
  watch().catch((error: unknown) => {
    for (const waiter of waiting.values()) waiter.reject(error);
  });
  return {
    wait: (id: string): Promise<void> => {
      const waiter = Promise.withResolvers<void>();
      waiting.set(id, waiter);
      return waiter.promise;
    },
    [Symbol.dispose]: () => {
      isStopped = true;
    },
  };
}

const databases = ['users', 'cart', 'orders', 'payments', 'inventory', 'notifications'];

async function unsent(shop: ShopProcess): Promise<number> {
  const counts = await Promise.all(
    databases.map((name) => shop.sql<{ n: number }>(name, 'select count(*)::int as n from outbox where sent_at is null')),
  );
  return counts.reduce((sum, [row]) => sum + (row?.n ?? 0), 0);
}

async function untilQuiet(shop: ShopProcess): Promise<void> {
  for (let tries = 0; tries < 600 && (await unsent(shop)) > 0; tries++) await delay(100);
}

async function checkBooks(shop: ShopProcess): Promise<Record<string, number>> {
  const [oversold] = await shop.sql<{ n: number }>(
    'inventory',
    'select count(*)::int as n from stock_level where on_hand < 0 or reserved < 0 or reserved > on_hand',
  );
  const orders = await shop.sql<{ id: string }>(
    'orders',
    `select id from orders where status = 'CONFIRMED' and email = 'bench@shop.example'`,
  );
  const payments = await shop.sql<{ order_id: string; n: number }>(
    'payments',
    `select order_id, count(*)::int as n from payment where status in ('AUTHORIZED', 'CAPTURED') group by order_id`,
  );
  const authorised = new Map(payments.map(({ order_id, n }) => [order_id, n]));
  return {
    'oversold units': oversold?.n ?? 0,
    'orders without exactly one authorisation': orders.filter(({ id }) => authorised.get(id) !== 1).length,
    'events unsent': await unsent(shop),
  };
}
