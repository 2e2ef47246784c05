import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { z } from 'zod';
import { shopProcess } from '../kit/shop-process.js';
import { percentile } from './percentile.js';

/** A product page over four subgraphs: search finds it, catalog describes it, inventory counts it, and the buyer's cart is beside it. */
const PAGE = `query Page($query: String!, $slug: String!, $cartId: ID!) {
  product(slug: $slug) { name description inStock images { url alt } variants { sku name price { formatted } availability { status quantity } } categories { name slug } }
  searchProducts(query: $query, first: 4) { hits { highlightedName product { slug name priceRange { min { formatted } } } } }
  cart(id: $cartId) { lines { quantity } totals { total { formatted } } }
}`;

/** Product pages at a fixed rate of arrival, whatever the shop does; then as many as it can. Prints requests per second and latencies. */
export async function benchBrowse({ seconds, ratePerSecond }: { seconds: number; ratePerSecond: number }): Promise<void> {
  await using shop = await shopProcess();
  await shop.start();
  const pool = new Pool(shop.url, { connections: 64 });
  const slugs = z
    .object({ nodes: z.array(z.object({ slug: z.string(), name: z.string() })) })
    .parse(await shop.guest.get('{ products(first: 100) { nodes { slug name } } }')).nodes;
  const { cart } = z.object({ cart: z.object({ id: z.string() }) }).parse(await shop.guest.get('mutation { createCart { cart { id } } }'));
  let failed = 0;
  const page = async (): Promise<number> => {
    const { slug, name } = slugs[Math.floor(Math.random() * slugs.length)] ?? { slug: '', name: '' };
    const begun = performance.now();
    const body = JSON.stringify({ query: PAGE, variables: { slug, query: name.split(' ')[0], cartId: cart.id } });
    const answer = await pool.request({ method: 'POST', path: '/graphql', headers: { 'content-type': 'application/json' }, body });
    if ((await answer.body.text()).includes('"errors"')) failed++;
    return performance.now() - begun;
  };
  for (let warmUp = 0; warmUp < 200; warmUp++) await page();
  const paced: Promise<number>[] = [];
  const begun = performance.now();
  for (let sent = 0; sent < seconds * ratePerSecond; sent++) {
    await delay(Math.max(0, begun + (sent * 1000) / ratePerSecond - performance.now()));
    paced.push(page());
  }
  const latencies = await Promise.all(paced);
  console.log(
    `at ${ratePerSecond} pages per second: p50 ${percentile(latencies, 0.5).toFixed(1)} ms, p95 ${percentile(latencies, 0.95).toFixed(1)} ms, p99 ${percentile(latencies, 0.99).toFixed(1)} ms`,
  );
  const full: number[] = [];
  const fullBegun = performance.now();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (performance.now() - fullBegun < seconds * 1000) full.push(await page());
    }),
  );
  const elapsed = (performance.now() - fullBegun) / 1000;
  console.log(
    `as many as it can: ${(full.length / elapsed).toFixed(0)} pages per second, p95 ${percentile(full, 0.95).toFixed(1)} ms (16 at a time)`,
  );
  console.log(`answers with errors: ${failed}; resident memory ${(await shop.residentMegabytes()).toFixed(0)} MB without PostgreSQL`);
  await pool.close();
}
