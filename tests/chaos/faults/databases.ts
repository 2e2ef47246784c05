import { describe, expect, it } from 'vitest';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { openTcpLink } from '../../kit/tcp-link.js';
import { until } from '../../kit/until.js';
import { buyAll, expectAllConfirmed, expectOneOrderEach, readyCarts } from './buyers.js';
import { bustle } from './demand.js';
import { dead, during, processWith, standingStill, type ShopNow } from './shop-under-fault.js';

/** As the driver sends it when nothing else is in the message. */
const COMMIT = 'commit\0';
const LOST = 3;
const PRODUCTS = '{ products(first: 1) { nodes { id } } }';
const SEARCH = '{ searchProducts(first: 1) { totalCount } }';

export function databaseFaults(shop: ShopNow): void {
  describe('PostgreSQL', () => {
    it('killed amid checkouts and started again: what was committed is kept, what was not is done again', async () => {
      const purchases = await readyCarts(shop(), 6);
      const buying = buyAll(purchases);
      const fault = await dead(shop(), 'postgres');
      await fault[Symbol.asyncDispose]();
      const bought = [...(await buying), await bustle(shop())];
      await expectAllConfirmed(shop(), bought);
      await expectOneOrderEach(shop(), purchases);
    });

    it('standing still amid checkouts: the same when it goes on', async () => {
      const purchases = await readyCarts(shop(), 4);
      const fault = standingStill(shop(), 'postgres');
      const buying = buyAll(purchases);
      expect(await codeOf(shop(), PRODUCTS)).toBe(undefined);
      await fault[Symbol.asyncDispose]();
      await expectAllConfirmed(shop(), await buying);
      await expectOneOrderEach(shop(), purchases);
    });

    it.each(['orders', 'payments', 'inventory', 'notifications'])(
      'losing replies to COMMITs of %s: nothing happens twice',
      async (name) => {
        const purchases = await readyCarts(shop(), 4);
        await using link = await openTcpLink(shop().stack.environmentOf(name)['DATABASE_URL'] ?? '');
        await using _process = await processWith(shop(), name, { DATABASE_URL: link.url });
        const losses = Array.from({ length: LOST }, () => link.loseAnswerTo(COMMIT));
        const bought = await buyAll(purchases);
        await Promise.all(losses);
        await expectAllConfirmed(shop(), bought);
        await expectOneOrderEach(shop(), purchases);
      },
    );
  });

  describe('MongoDB', () => {
    it('killed: products are said to be unavailable, search goes on, and checkouts begun meanwhile end well when it is back', async () => {
      const purchases = await readyCarts(shop(), 4);
      const { buying } = await during(dead(shop(), 'mongodb'), async () => {
        const begun = buyAll(purchases);
        expect(await codeOf(shop(), PRODUCTS)).toMatch(/SERVICE_UNAVAILABLE|TIMEOUT/);
        await until(async () => ((await codeOf(shop(), SEARCH)) === undefined ? true : null), { what: 'search' });
        return { buying: begun };
      });
      await expectAllConfirmed(shop(), [...(await buying), await bustle(shop())]);
    });
  });
}

/** Of the first error; undefined when there is none. */
async function codeOf({ guest }: ShopInStack, query: string): Promise<string | undefined> {
  return (await guest.ask(query)).errors?.[0]?.extensions?.code;
}
