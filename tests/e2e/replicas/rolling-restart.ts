import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DEMO_PASSWORD } from '@shop/standalone/sample-data/demo-people';
import { expect, it } from 'vitest';
import { buy, expectAllConfirmed, type Bought } from '../../chaos/faults/buyers.js';
import { cartOf, someSkus } from '../../kit/buyer.js';
import { shopClient, type ShopClient } from '../../kit/shop-client.js';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { until } from '../../kit/until.js';
import type { ShopNow } from './one-replica.js';

/** What search itself answers when its store, which is not what is tried here, takes longer than a second on a busy machine. */
const SLOW_STORE = '"Search is unavailable at the moment."';

/** Of each person between two steps: the load is to be there, not to be the trouble. */
const THINKING_MS = 50;

const BROWSE = [
  '{ products(first: 10) { nodes { name inStock variants { sku availability { status } } } } }',
  '{ searchProducts(first: 10) { totalCount hits { product { id name } } } }',
  '{ categories { name } }',
];
const ACCOUNT = '{ me { email orders(first: 5) { nodes { number status } } notifications(first: 5) { nodes { id } } } }';

export function rollingRestart(shop: ShopNow, services: readonly string[]): void {
  it('are ended by SIGTERM and started again, each in turn, under load: no request of a client fails', async () => {
    const load = await startLoad(shop());
    const ends = await restartInTurn(shop(), services, load);
    const { bought, failures, requests } = await load.end();
    expect(ends).toEqual(ends.map(({ name }) => ({ name, outcome: 'exit 0' })));
    expect(failures.filter((failure) => !failure.includes(SLOW_STORE))).toEqual([]);
    expect(requests).toBeGreaterThan(services.length * 10);
    expect(bought.flatMap((one) => one.failures)).toEqual([]);
    await expectAllConfirmed(shop(), bought);
  }, 300_000);
}

/** First one replica of each, then the other one; the next is ended while the one before is still starting. */
async function restartInTurn({ stack }: ShopInStack, services: readonly string[], load: Load) {
  const ends: { name: string; outcome: string | null }[] = [];
  for (const half of [services, services.map((service) => `${service}-2`)]) {
    const starting: Promise<void>[] = [];
    for (const name of half) {
      const old = stack.process(name);
      load.during(name);
      await old.stop();
      ends.push({ name, outcome: old.outcome() });
      starting.push(stack.start(name));
    }
    await Promise.all(starting);
  }
  return ends;
}

interface Load {
  /** What is going on, for what is told of a failure. */
  during(what: string): void;
  /** Lets everybody finish. */
  end(): Promise<{ bought: Bought[]; failures: string[]; requests: number }>;
}

/** Two guests who buy, one who looks around, and a customer with an account; none of them asks a second time. */
async function startLoad(shop: ShopInStack): Promise<Load> {
  const skus = await someSkus(shop, 20);
  const customer = await shop.signedIn('customer@shop.example');
  await until(() => Promise.all(BROWSE.map((query) => shop.guest.get(query))), { what: 'everything to be warm' });
  const [bought, failures]: [Bought[], string[]] = [[], []];
  let [requests, now, isOver] = [0, 'the start', false];
  const counted = (client: ShopClient): ShopClient => ({
    ...client,
    get: async (query, variables) => {
      requests++;
      return client.get(query, variables);
    },
  });
  const again = async (what: string, work: (turn: number) => Promise<unknown>): Promise<void> => {
    for (let turn = 0; !isOver; turn++) {
      await work(turn).catch((error: unknown) => failures.push(`${what}, during the end of ${now}: ${told(error)}`));
      await delay(THINKING_MS);
    }
  };
  const guest = counted(shop.guest);
  const buying = async (client: ShopClient, turn: number) => {
    const cart = await cartOf(client)
      .with(skus[turn % skus.length] ?? '')
      .ready();
    bought.push(await buy({ cart, idempotencyKey: randomUUID() }));
  };
  const people = [
    again('a guest buys', (turn) => buying(guest, 2 * turn)),
    again('another guest buys', (turn) => buying(guest, 2 * turn + 1)),
    again('a guest looks around', (turn) => guest.get(BROWSE[turn % BROWSE.length] ?? '')),
    again('a customer looks at the account', () => counted(customer).get(ACCOUNT)),
    again('a customer signs in', () => shopClient(shop.url).signIn('customer@shop.example', DEMO_PASSWORD)),
  ];
  return {
    during: (what) => void (now = what),
    end: async () => {
      isOver = true;
      await Promise.all(people);
      return { bought, failures, requests };
    },
  };
}

function told(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
