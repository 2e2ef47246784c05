import { createClient } from 'redis';
import { describe, expect, it } from 'vitest';
import { someSkus } from '../../kit/buyer.js';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { until } from '../../kit/until.js';
import { buyAll, expectAllConfirmed, readyCarts, type Purchase } from './buyers.js';
import { bustle } from './demand.js';
import { dead, during, type ShopNow } from './shop-under-fault.js';

const ADD = `mutation A($input: AddCartLinesInput!) { addCartLines(input: $input) { __typename ... on UserError { code } } }`;

export function redisFaults(shop: ShopNow): void {
  describe('Redis', () => {
    it('flushed: carts are there all the same, and are checked out', async () => {
      const purchases = await copiedCarts(shop(), 5);
      await flush(shop());
      await expectAllConfirmed(shop(), [...(await buyAll(purchases)), await bustle(shop())]);
    });

    it('killed: carts are checked out from their copy, changes are refused as unavailable, and all is well when it is back', async () => {
      const purchases = await copiedCarts(shop(), 5);
      const other = (await copiedCarts(shop(), 1))[0]?.cart.id ?? '';
      const [sku = ''] = await someSkus(shop(), 1);
      const [bought, refusal] = await during(dead(shop(), 'redis'), () => Promise.all([buyAll(purchases), change(shop(), sku, other)]));
      expect(refusal).toBe('SERVICE_UNAVAILABLE');
      await expectAllConfirmed(shop(), [...bought, await bustle(shop())]);
    });
  });
}

/** Carts whose copy in PostgreSQL, which is written behind, is complete. */
async function copiedCarts(shop: ShopInStack, count: number): Promise<Purchase[]> {
  const purchases = await readyCarts(shop, count);
  const areCopied = async () => {
    const copies = await shop.sql('cart', 'select id::text, version from cart where id = any($1::uuid[])', [
      purchases.map(({ cart }) => cart.id),
    ]);
    const versions = new Map(copies.map(({ id, version }) => [id, Number(version)]));
    return purchases.every(({ cart }) => (versions.get(cart.id) ?? 0) >= cart.version) ? true : null;
  };
  await until(areCopied, { what: 'the copies of carts' });
  return purchases;
}

async function change({ guest }: ShopInStack, sku: string, cartId: string): Promise<string | undefined> {
  const { errors } = await guest.ask(ADD, { input: { cartId, lines: [{ sku, quantity: 1 }] } });
  return errors?.[0]?.extensions?.code;
}

async function flush({ stores }: ShopInStack): Promise<void> {
  const client = createClient({ url: stores.urls.redis });
  await client.connect();
  await client.flushAll();
  await client.close();
}
