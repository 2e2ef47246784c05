import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { openTcpLink } from '../../kit/tcp-link.js';
import { until } from '../../kit/until.js';
import { buyAll, expectAllConfirmed, readyCarts, type Bought } from './buyers.js';
import { bustle } from './demand.js';
import { during, processStandingStill, processWith, type ShopNow } from './shop-under-fault.js';

const SEARCH = '{ searchProducts(first: 1) { totalCount } }';
const SUGGESTIONS = '{ searchSuggestions(prefix: "a") { __typename } }';
const PRODUCTS = '{ products(first: 1) { nodes { name } } }';
const AVAILABILITY = '{ products(first: 2, sort: NAME) { nodes { name variants { sku availability { status } } } } }';

const searched = z.object({ searchProducts: z.object({ totalCount: z.number().min(1) }) });
const withoutStock = z.object({
  products: z.object({
    nodes: z.array(z.object({ name: z.string(), variants: z.array(z.object({ sku: z.string(), availability: z.null() })) })).length(2),
  }),
});

export function searchFaults(shop: ShopNow): void {
  describe('Elasticsearch', () => {
    it.each(['down', 'standing still'])(
      '%s: search says so within its second, everything else is answered, and checkouts go on',
      async (how) => {
        await using link = await openTcpLink(shop().stack.environmentOf('search')['ELASTICSEARCH_URL'] ?? '');
        await using _process = await processWith(shop(), 'search', { ELASTICSEARCH_URL: link.url.replace(/\/$/, '') });
        const purchases = await readyCarts(shop(), 4);
        if (how === 'down') link.cut();
        else link.hang();
        const { guest } = shop();
        const [bought, search, suggestions, products] = await Promise.all([
          buyAll(purchases),
          guest.ask(SEARCH),
          guest.ask(SUGGESTIONS),
          guest.ask(PRODUCTS),
        ]);
        // Its own second is over before the gateway's three: else this would be a TIMEOUT.
        expect(search.errors).toMatchObject([{ path: ['searchProducts'], extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
        expect(suggestions).toMatchObject({ status: 200, data: { searchSuggestions: [] } });
        expect(products).toMatchObject({ status: 200, data: { products: { nodes: [{}] } } });
        bought.push(await bustle(shop()));
        link.mend();
        await until(async () => searched.parse((await shop().guest.ask(SEARCH)).data), { what: 'search', timeoutMs: 60_000 });
        await expectAllConfirmed(shop(), bought);
      },
    );
  });

  describe('a subgraph that does not answer', () => {
    it('costs its own fields only: the gateway answers the others', async () => {
      const answer = await during(processStandingStill(shop(), 'inventory'), () => shop().guest.ask(AVAILABILITY));
      withoutStock.parse(answer.data);
      expect(new Set(answer.errors?.map(({ extensions }) => extensions?.code))).toEqual(new Set(['TIMEOUT']));
    });

    it('delays checkouts that wait for it, and no more', async () => {
      const purchases = await readyCarts(shop(), 4);
      const bought = await during(processStandingStill(shop(), 'payments'), async () => {
        const placed = await buyAll(purchases);
        expect(await unfinished(shop(), placed)).toBe(placed.length);
        return placed;
      });
      expect(bought.flatMap(({ failures }) => failures)).toEqual([]);
      await expectAllConfirmed(shop(), bought);
    });
  });
}

async function unfinished({ sql }: ShopInStack, bought: readonly Bought[]): Promise<number> {
  const [row] = await sql('orders', `select count(*)::int as n from orders where id = any($1::uuid[]) and status = 'PLACED'`, [
    bought.map(({ orderId }) => orderId),
  ]);
  return Number(row?.['n']);
}
