import { DEMO_PASSWORD } from '@shop/standalone/sample-data/demo-people';
import { z } from 'zod';
import { shopClient, type ShopClient } from '../../kit/shop-client.js';
import { until } from '../../kit/until.js';
import type { BuyableShop } from './buyable-shop.js';

const RECEIVE = 'mutation R($input: ReceiveStockInput!) { receiveStock(input: $input) { __typename } }';
const PUBLISHED = '{ products(filter: { status: PUBLISHED }, first: 100) { nodes { variants { sku } } } }';

const publishedSchema = z.object({ nodes: z.array(z.object({ variants: z.array(z.object({ sku: z.string() })) })) });

export async function staffOf({ url }: BuyableShop): Promise<ShopClient> {
  return shopClient(url, await shopClient(url).signIn('staff@shop.example', DEMO_PASSWORD));
}

/** So much of `count` SKUs that only the shop's speed is measured. Returns them. */
export async function stockUp(shop: BuyableShop, count: number): Promise<string[]> {
  const staff = await staffOf(shop);
  const stocked = new Set((await shop.sql('inventory', 'select distinct sku from stock_level')).map(({ sku }) => sku));
  const { nodes } = publishedSchema.parse(await staff.get(PUBLISHED));
  const skus = nodes.flatMap(({ variants }) => variants.map(({ sku }) => sku)).filter((sku) => stocked.has(sku));
  const chosen = skus.slice(0, count);
  for (const sku of chosen)
    await until(() =>
      staff.get(RECEIVE, {
        input: { sku, warehouseCode: 'BER', quantity: 100_000, reference: 'bench', idempotencyKey: `bench-${sku}` },
      }),
    );
  return chosen;
}
