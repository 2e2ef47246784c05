import { setInterval } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runEvents } from '@shop/deploy/events/run-events';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { until } from '../../kit/until.js';
import { buy, buyAll, expectAllConfirmed, readyCarts, type Bought, type Purchase } from './buyers.js';
import { bookDigest } from './digest.js';
import { dead, during, expectBooksToCheck, OUT_OF_ORDER, standingStill, type ShopNow } from './shop-under-fault.js';

const waiting = async ({ sql }: ShopInStack): Promise<number> =>
  Number((await sql('orders', 'select count(*)::int as n from outbox where sent_at is null'))[0]?.['n']);

export function brokerFaults(shop: ShopNow): void {
  describe('the broker', () => {
    it('killed, and down for a minute: buyers check out all the same, and what waited meanwhile is sent when it is back', async () => {
      const purchases = await readyCarts(shop(), DOWN_MS / BUYER_EVERY_MS);
      const bought = await during(dead(shop(), 'nats'), async () => {
        const placed = await buyInTurn(purchases);
        expect(await waiting(shop())).toBeGreaterThanOrEqual(purchases.length);
        return placed;
      });
      expect(bought.flatMap(({ failures }) => failures)).toEqual([]);
      await expectAllConfirmed(shop(), bought);
    });

    it('stopped with SIGSTOP: buyers check out all the same, and what waited meanwhile is sent when it goes on', async () => {
      const purchases = await readyCarts(shop(), 6);
      const bought = await during(standingStill(shop(), 'nats'), async () => {
        const placed = await buyAll(purchases);
        expect(await waiting(shop())).toBeGreaterThanOrEqual(purchases.length);
        return placed;
      });
      expect(bought.flatMap(({ failures }) => failures)).toEqual([]);
      await expectAllConfirmed(shop(), bought);
    });

    it('robbed of all its data amid checkouts: a redrive finishes them', async () => {
      const since = new Date().toISOString();
      const purchases = await readyCarts(shop(), 8);
      const buying = buyAll(purchases);
      await until(async () => ((await statuses(shop())) > 0 ? true : null), { what: 'a checkout under way' });
      await shop().stores.kill('nats');
      shop().stores.wipe('nats');
      await shop().stores.start('nats');
      const bought = await buying;
      await redrive(shop(), since);
      await expectAllConfirmed(shop(), bought, OUT_OF_ORDER);
    });

    it('robbed of all its data when all was quiet: a redrive of everything changes nothing', async () => {
      await expectBooksToCheck(shop(), OUT_OF_ORDER);
      await shop().settle();
      const before = await bookDigest(shop());
      await shop().stores.kill('nats');
      shop().stores.wipe('nats');
      await shop().stores.start('nats');
      await redrive(shop(), new Date(Date.now() - 24 * 60 * 60_000).toISOString());
      await shop().settle();
      await expectBooksToCheck(shop(), OUT_OF_ORDER);
      expect(await bookDigest(shop())).toEqual(before);
    });
  });
}

const DOWN_MS = 60_000;
const BUYER_EVERY_MS = 5_000;

/** One buyer after another, as long as the broker is to be down. */
async function buyInTurn(purchases: readonly Purchase[]): Promise<Bought[]> {
  const bought: Promise<Bought>[] = [];
  for await (const purchase of setInterval(BUYER_EVERY_MS, purchases.values())) {
    const { value, done } = purchase.next();
    if (done) break;
    bought.push(buy(value));
  }
  return Promise.all(bought);
}

const statuses = async ({ sql }: ShopInStack): Promise<number> =>
  Number((await sql('orders', `select count(*)::int as n from saga where state->>'step' <> 'complete'`))[0]?.['n']);

/** By the command that is there for it. */
async function redrive(shop: ShopInStack, since: string): Promise<void> {
  const complaints: string[] = [];
  const voice = { say: () => undefined, complain: (line: string) => void complaints.push(line) };
  expect(await runEvents(['redrive', '--since', since], eventsEnvironment(shop), voice), complaints.join('\n')).toBe(0);
}

/** What `npm run events` reads from its environment. */
export function eventsEnvironment({ stack, stores }: ShopInStack): NodeJS.ProcessEnv {
  const names = ['users', 'catalog', 'cart', 'orders', 'payments', 'inventory', 'notifications'];
  const databases = names.map((name) => [`${name.toUpperCase()}_DATABASE_URL`, stack.environmentOf(name)['DATABASE_URL']]);
  return { ...Object.fromEntries(databases), NATS_URL: stores.urls.nats };
}
