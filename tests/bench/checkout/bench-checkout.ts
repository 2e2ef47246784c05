import { setTimeout as delay } from 'node:timers/promises';
import { shopProcess, type ShopProcess } from '../../kit/shop-process.js';
import { percentile } from '../percentile.js';
import { buyersAt } from './buyers.js';
import { stockUp } from './stock-up.js';

/**
 * Complete guest checkouts in a closed loop: cart, two lines, address and delivery, checkout, and the next one when the order is CONFIRMED.
 * The load runs on the same cores. Prints the rates and checks the books; true when nothing was oversold, charged twice or left unsent.
 */
export async function benchCheckout({ seconds, buyers }: { seconds: number; buyers: number }): Promise<boolean> {
  await using shop = await shopProcess();
  await shop.start();
  await using buying = await buyersAt({ shop, skus: await stockUp(shop, 60), buyers, warmUps: 50 });
  const cpuBefore = await shop.cpuMs();
  const { latencies, refusals, seconds: elapsed } = await buying.buyFor(seconds);
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
  for (const [why, count] of refusals) console.log(`refused ${count} times: ${why}`);
  for (const [name, count] of Object.entries(books)) console.log(`${name.padEnd(30)} ${count}`);
  return refusals.size === 0 && Object.values(books).every((count) => count === 0);
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
