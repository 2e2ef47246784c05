import { readFile } from 'node:fs/promises';
import { Pool } from 'undici';
import { defaultLimits, engineNames, startGateway, type EngineName } from '@shop/gateway';
import { createLogger } from '@shop/platform/logger';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { percentile } from './percentile.js';

/** Twenty products of two variants each: one fetch of the catalog, one of the stock of all variants. */
const PAGE = `query Page { products(first: 20) { nodes {
  name slug variants { sku name price { formatted amountMinor currency } availability { status quantity } } } } }`;

interface Round {
  perSecond: number;
  p50: number;
  p99: number;
}

/**
 * The gateway with its own executor and with Apollo's, in turns in one run, before the same subgraphs: in memory, and free. HTTP, limits and
 * everything else are there as in the shop. Prints requests per second and latencies of both, and their ratio.
 */
export async function benchGateway({ seconds, clients }: { seconds: number; clients: number }): Promise<void> {
  const rounds: Record<EngineName, Round[]> = { compiled: [], apollo: [] };
  for (let turn = 0; turn < 3; turn++) for (const engine of engineNames) rounds[engine].push(await measure(engine, seconds / 6, clients));
  const [compiled, apollo] = [best(rounds.compiled), best(rounds.apollo)];
  for (const [name, { perSecond, p50, p99 }] of Object.entries({ compiled, apollo }))
    console.log(`${name}: ${perSecond.toFixed(0)} requests per second, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
  console.log(`ratio: ${(compiled.perSecond / apollo.perSecond).toFixed(1)} times the requests per second`);
}

function best(rounds: readonly Round[]): Round {
  return rounds.reduce((one, other) => (other.perSecond > one.perSecond ? other : one));
}

async function measure(engine: EngineName, seconds: number, clients: number): Promise<Round> {
  await using gateway = await startGateway(
    {
      supergraphSdl: await readFile(new URL('../../../schema/supergraph.graphql', import.meta.url), 'utf8'),
      tokenIssuer: 'none',
      tokenAudience: 'none',
      orderTokenSecrets: [],
      introspection: false,
      corsOrigins: [],
      trustProxy: false,
      limits: defaultLimits,
      engine,
      requestTimeoutMs: 10_000,
      drainDelayMs: 0,
    },
    { transports: freeSubgraphs(), logger: createLogger('bench', 'silent') },
  );
  const pool = new Pool(`http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}`, { connections: clients });
  const ask = async (): Promise<number> => {
    const begun = performance.now();
    const headers = { 'content-type': 'application/json' };
    const answer = await pool.request({ method: 'POST', path: '/graphql', headers, body: JSON.stringify({ query: PAGE }) });
    const text = await answer.body.text();
    if (!text.includes('"IN_STOCK"') || text.includes('"errors"')) throw new Error(`The gateway answers ${text.slice(0, 500)}`);
    return performance.now() - begun;
  };
  for (let warmUp = 0; warmUp < 200; warmUp++) await ask();
  const latencies: number[] = [];
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() - begun < seconds * 1000) latencies.push(await ask());
    }),
  );
  const perSecond = latencies.length / ((performance.now() - begun) / 1000);
  await pool.close();
  return { perSecond, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

/** Every subgraph of the shop, with two that answer: at once, always the same, as parsed from JSON. */
function freeSubgraphs(): ReadonlyMap<string, SubgraphTransport> {
  const price = { formatted: '€10.00', amountMinor: 1_000, currency: 'EUR' };
  const variants = (n: number) =>
    ['S', 'L'].map((size) => ({ __typename: 'ProductVariant', sku: `SKU-${n}-${size}`, name: `Size ${size}`, price }));
  const nodes = Array.from({ length: 20 }, (_, n) => ({ name: `Product ${n}`, slug: `product-${n}`, variants: variants(n) }));
  const entities = Array.from({ length: 40 }, () => ({ availability: { status: 'IN_STOCK', quantity: 7 } }));
  return new Map(
    ['users', 'catalog', 'search', 'cart', 'orders', 'payments', 'inventory', 'notifications'].map((name) => [
      name,
      answering(JSON.stringify({ data: name === 'catalog' ? { products: { nodes } } : { _entities: entities } })),
    ]),
  );
}

function answering(text: string): SubgraphTransport {
  return {
    execute: async () => JSON.parse(text) as Awaited<ReturnType<SubgraphTransport['execute']>>,
    subscribe: async () => ({ data: null }),
    getJson: async () => ({ keys: [] }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
