import type { Failpoint } from '@shop/platform/failpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { until } from '../../kit/until.js';
import { buyAll, expectAllConfirmed, expectOneOrderEach, readyCarts, type Bought, type Purchase } from './buyers.js';
import { bustle } from './demand.js';
import { processDead, type ShopNow } from './shop-under-fault.js';

const CONSUMERS = ['orders', 'payments', 'inventory', 'cart', 'notifications', 'search'] as const;
const SENDERS = ['orders', 'payments', 'inventory', 'users', 'catalog'] as const;

/** The four points of a step, and the processes that take such steps. */
const points: readonly { when: string; failpoint: Failpoint; nth: number; processes: readonly string[] }[] = [
  { when: 'before the commit of what an event leads to', failpoint: 'consumer-before-commit', nth: 2, processes: CONSUMERS },
  { when: 'after a commit, before its event is sent', failpoint: 'relay-before-publish', nth: 2, processes: SENDERS },
  { when: 'after an event is sent, before that is noted', failpoint: 'relay-after-publish', nth: 2, processes: SENDERS },
  { when: 'after an effect, before its event is acknowledged', failpoint: 'consumer-after-commit', nth: 3, processes: CONSUMERS },
];

export function kills(shop: ShopNow): void {
  describe.each(points)('kill -9 $when,', ({ failpoint, nth, processes }) => {
    let deaths: ReadonlyMap<string, string>;
    let purchases: Purchase[];
    const bought: Bought[] = [];
    beforeAll(async () => {
      purchases = await readyCarts(shop(), 4);
      const victims = await Promise.all(processes.map((name) => doomed(shop(), name, `${failpoint}:${nth}`)));
      const buying = buyAll(purchases);
      let areAllBack = false;
      const back = Promise.all(victims.map(({ isBack }) => isBack)).then(() => (areAllBack = true));
      for (const end = performance.now() + 60_000; !areAllBack && performance.now() < end;) bought.push(await bustle(shop()));
      bought.push(...(await buying));
      await back;
      deaths = new Map(victims.map(({ name, outcome }) => [name, outcome()]));
    });

    it.each(processes)('of %s: no order is lost, doubled or stuck', async (name) => {
      expect(deaths.get(name)).toBe('SIGKILL');
      await expectAllConfirmed(shop(), bought);
      await expectOneOrderEach(shop(), purchases);
    });
  });

  describe('kill -9 amid requests', () => {
    it.each(['gateway', 'orders', 'card-sandbox'])('of %s: asked again with the same key, each buyer has one order', async (name) => {
      const purchases = await readyCarts(shop(), 6);
      const buying = buyAll(purchases);
      const fault = await processDead(shop(), name);
      await fault[Symbol.asyncDispose]();
      const bought = await buying;
      await expectAllConfirmed(shop(), bought);
      await expectOneOrderEach(shop(), purchases);
    });
  });
}

/** Starts a process anew that will kill itself at a point of its work, and once more when it has: as a supervisor does. */
async function doomed(
  { stack }: ShopInStack,
  name: string,
  failpoint: string,
): Promise<{ name: string; isBack: Promise<void>; outcome(): string }> {
  await stack.process(name).stop();
  await stack.start(name, { FAILPOINT: failpoint });
  const victim = stack.process(name);
  const isBack = until(async () => (victim.isAlive() ? null : true), { timeoutMs: 90_000, what: `the death of ${name}` }).then(() =>
    stack.start(name),
  );
  return { name, isBack, outcome: () => victim.outcome() ?? 'is alive' };
}
