import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { shopClient, type ShopClient } from '../../kit/shop-client.js';
import { until } from '../../kit/until.js';
import type { BuyableShop } from '../checkout/buyable-shop.js';
import { staffOf } from '../checkout/stock-up.js';

const FIND = `query F($name: String!) { searchProducts(query: $name, first: 50, filter: { inStockOnly: true }) { hits { product { id } } } }`;
const CANDIDATES = '{ products(filter: { status: PUBLISHED }, first: 100, sort: NAME) { nodes { id name variants { sku } } } }';
const LEVELS = 'query L($sku: String!) { inventoryItem(sku: $sku) { levels { onHand reserved warehouse { code } } } }';
const ADJUST = 'mutation A($input: AdjustStockInput!) { adjustStock(input: $input) { __typename } }';

const foundSchema = z.object({ hits: z.array(z.object({ product: z.object({ id: z.string() }).nullable() })) });
const variantSchema = z.object({ sku: z.string() });
const candidatesSchema = z.object({ nodes: z.array(z.object({ id: z.string(), name: z.string(), variants: z.array(variantSchema) })) });
const levelSchema = z.object({ onHand: z.number(), reserved: z.number(), warehouse: z.object({ code: z.string() }) });
const itemSchema = z.object({ levels: z.array(levelSchema) }).nullable();
const adjustedSchema = z.object({ __typename: z.literal('InventoryPayload') });

type Candidate = z.infer<typeof candidatesSchema>['nodes'][number];

/** How often search is asked: so much too long a lag may seem. */
const LOOK_EVERY_MS = 20;
const GIVEN_UP_AFTER_MS = 60_000;

export interface StockProbes {
  /** From the staff's request to the first search that knows, in ms; one after the other for each probe, until `end` resolves. */
  measure(end: Promise<unknown>): Promise<number[]>;
}

/** Takes products that nobody buys, empties them, and then lets them come and go, as fast as search can follow. */
export async function stockProbes(shop: BuyableShop, bought: ReadonlySet<string>, count: number): Promise<StockProbes> {
  const staff = await staffOf(shop);
  const { nodes } = candidatesSchema.parse(await staff.get(CANDIDATES));
  const products = nodes.filter(({ variants }) => variants.length > 0 && !variants.some(({ sku }) => bought.has(sku)));
  const probes = products.toSorted((a, b) => a.variants.length - b.variants.length).slice(0, count);
  if (probes.length < count) throw new Error(`Only ${probes.length} products are bought by nobody.`);
  const guest = shopClient(shop.url);
  const warehouses = new Map<string, string>();
  for (const probe of probes) warehouses.set(probe.id, await emptied(staff, probe));
  for (const probe of probes) await untilSeen(guest, probe, false);
  return {
    measure: async (end) => {
      let isOver = false;
      const over = end.finally(() => (isOver = true));
      const lags: number[] = [];
      const follow = async (probe: Candidate) => {
        for (let isThere = true; !isOver; isThere = !isThere) {
          const begun = performance.now();
          await adjust(staff, probe.variants[0]?.sku ?? '', warehouses.get(probe.id) ?? '', isThere ? 1 : -1);
          await untilSeen(guest, probe, isThere);
          lags.push(performance.now() - begun);
        }
      };
      await Promise.all([over, ...probes.map(follow)]);
      return lags;
    },
  };
}

/** Nothing of it can be bought then. Returns a warehouse that keeps it. */
async function emptied(staff: ShopClient, { name, variants }: Candidate): Promise<string> {
  let code: string | null = null;
  for (const { sku } of variants) {
    const item = itemSchema.parse(await staff.get(LEVELS, { sku }));
    for (const { onHand, reserved, warehouse } of item?.levels ?? []) {
      code ??= warehouse.code;
      if (onHand > reserved) await adjust(staff, sku, warehouse.code, reserved - onHand);
    }
  }
  if (code === null) throw new Error(`No warehouse keeps ${name}.`);
  return code;
}

/** Again with the same key where no answer came: a busy machine is slow, not wrong. */
async function adjust(staff: ShopClient, sku: string, warehouseCode: string, delta: number): Promise<void> {
  const input = { sku, warehouseCode, delta, reason: 'bench', idempotencyKey: randomUUID() };
  const what = `the stock of ${sku} to change`;
  await until(async () => adjustedSchema.parse(await staff.get(ADJUST, { input })), { timeoutMs: GIVEN_UP_AFTER_MS, what });
}

/** A search that is not answered knows nothing. */
async function untilSeen(guest: ShopClient, { id, name }: Candidate, isThere: boolean): Promise<void> {
  for (const end = performance.now() + GIVEN_UP_AFTER_MS; ; await delay(LOOK_EVERY_MS)) {
    const found = foundSchema.safeParse(await guest.get(FIND, { name }).catch(() => null));
    if (found.success && found.data.hits.some(({ product }) => product?.id === id) === isThere) return;
    if (performance.now() > end) throw new Error(`Search never heard that ${name} is ${isThere ? 'there' : 'gone'}.`);
  }
}
