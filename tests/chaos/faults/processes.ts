import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess, untilHealthy, type StackProcess } from '@shop/deploy/stack/stack-process';
import { freePort } from '@shop/standalone/free-port';
import { describe, expect, it } from 'vitest';
import { someSkus } from '../../kit/buyer.js';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { until } from '../../kit/until.js';
import { buyAll, buyFromTheStart, expectAllConfirmed, readyCarts, type Bought } from './buyers.js';
import { bustle } from './demand.js';
import type { ShopNow } from './shop-under-fault.js';

/** What a client is told of a process that is going: nothing is known to have happened, so it asks again with the same key. */
const MAY_BE_REPEATED = /SERVICE_UNAVAILABLE|TIMEOUT|IDEMPOTENCY_CONFLICT|OVERLOADED|ECONNREFUSED|ECONNRESET|other side closed|SocketError/;

export function processFaults(shop: ShopNow): void {
  describe('processes', () => {
    it('two of orders, of which the one that sends is paused, relieved, and goes on', async () => {
      await using second = await secondOrders(shop());
      await shop().stack.process('orders').stop();
      await until(() => isHeld(shop()), { what: 'the second process to take over' });
      await shop().stack.start('orders');
      const purchases = await readyCarts(shop(), 4);
      second.process.signal('SIGSTOP');
      const bought = await buyAll(purchases);
      await expectAllConfirmed(shop(), bought);
      const more = buyAll(await readyCarts(shop(), 4));
      second.process.signal('SIGCONT');
      await expectAllConfirmed(shop(), [...bought, ...(await more), await bustle(shop())]);
    });

    it('all ended by SIGTERM and started again in turn, under load: no request fails that was not repeated safely', async () => {
      const skus = await someSkus(shop(), 20);
      const bought: Bought[] = [];
      const ends: string[] = [];
      let isOver = false;
      const buyer = async (first: number): Promise<void> => {
        for (let place = first; !isOver; place += 2) bought.push(await buyFromTheStart(shop(), skus[place % skus.length] ?? ''));
      };
      const buyers = Promise.all([buyer(0), buyer(1)]);
      for (const name of shop().stack.names) {
        const old = shop().stack.process(name);
        await old.stop();
        ends.push(`${name}: ${old.outcome()}`);
        await shop().stack.start(name);
      }
      isOver = true;
      await buyers;
      expect(ends).toEqual(shop().stack.names.map((name) => `${name}: exit 0`));
      expect(bought.flatMap(({ failures }) => failures).filter((failure) => !MAY_BE_REPEATED.test(failure))).toEqual([]);
      await expectAllConfirmed(shop(), bought);
    });
  });
}

/** Another process of orders beside the stack's, which the gateway does not know. */
async function secondOrders({ stack }: ShopInStack): Promise<{ process: StackProcess } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'second-orders-'));
  const port = await freePort();
  const process = await startProcess({
    name: 'orders',
    command: ['node', '--enable-source-maps', 'subgraphs/orders/dist/main.js'],
    environment: { ...stack.environmentOf('orders'), DRAIN_DELAY_MS: '0', PORT: String(port) },
    folder,
  });
  await untilHealthy(process, port, 90_000, AbortSignal.any([]));
  return {
    process,
    [Symbol.asyncDispose]: async () => {
      await process.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The relay's lease is held; whoever ends gives it back. */
async function isHeld({ sql }: ShopInStack): Promise<true | null> {
  const rows = await sql('orders', `select from lease where name = 'relay' and expires_at > now()`);
  return rows.length > 0 ? true : null;
}
