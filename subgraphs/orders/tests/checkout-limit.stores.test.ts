import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { httpTransport } from '@shop/platform/subgraph-transport';
import { anonymous } from '@shop/platform/viewer';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { startRedisServer } from '@shop/tests/kit/redis-server';
import { storeUrl } from '@shop/tests/kit/stores';
import { as, quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startOrders } from '../src/subgraph.js';
import { ORDER_TOKEN_SECRET } from './orders-kit.js';

const CHECKOUT = `mutation Checkout($input: CheckoutInput!) { checkout(input: $input) { __typename } }`;

let ending: AsyncDisposableStack;

beforeEach(() => {
  ending = new AsyncDisposableStack();
});
afterEach(() => ending.disposeAsync());

/** Two processes' worth of orders, which let an address check out twice; there is no cart to be asked. */
async function twoProcesses(redisUrl: string | undefined): Promise<[RunningSubgraph, RunningSubgraph]> {
  const database = ending.use(await createTestDatabase());
  const bus = ending.use(inProcessBus({ logger: quietLogger }));
  const nowhere = ending.use(httpTransport('http://127.0.0.1:1', TEST_SECRET));
  const start = async () => {
    const config = {
      databaseUrl: database.url,
      envelopeSecrets: [TEST_SECRET],
      orderTokenSecret: ORDER_TOKEN_SECRET,
      checkoutsPerAddressPerMinute: 2,
      ...(redisUrl !== undefined && { redisUrl }),
    };
    return ending.use(await startOrders(config, { bus, logger: quietLogger, cart: nowhere, users: nowhere }));
  };
  return [await start(), await start()];
}

/** Whether a checkout came as far as asking for the cart. */
async function isLetIn(orders: RunningSubgraph, clientAddress: string): Promise<boolean> {
  const input = {
    cartId: newId(),
    expectedTotal: { amountMinor: 100, currency: 'EUR' },
    email: 'guest@shop.example',
    paymentToken: 'pm_card_visa',
    idempotencyKey: newId(),
  };
  const { data, errors } = await as(orders, anonymous, { clientAddress })(CHECKOUT, { input });
  if (errors?.[0]?.extensions?.['code'] === 'SERVICE_UNAVAILABLE') return true;
  expect(data).toEqual({ checkout: { __typename: 'RateLimitedError' } });
  return false;
}

/** In turn at one process and the other. */
async function inTurn([one, two]: readonly [RunningSubgraph, RunningSubgraph], times: number, clientAddress: string): Promise<boolean[]> {
  const answers: boolean[] = [];
  for (let time = 0; time < times; time++) answers.push(await isLetIn(time % 2 === 0 ? one : two, clientAddress));
  return answers;
}

/** Tests share one Redis, where an address is remembered for a minute. */
const anAddress = () => `2001:db8:${Math.floor(Math.random() * 65_536).toString(16)}:${Math.floor(Math.random() * 65_536).toString(16)}::1`;

it('an address has its checkouts once, not once at each process', async () => {
  const processes = await twoProcesses(storeUrl('redis'));
  expect(await inTurn(processes, 4, anAddress())).toEqual([true, true, false, false]);
  expect(await isLetIn(processes[0], anAddress())).toBe(true);
});

it('without Redis, and while it is away, each process counts alone, and nobody is turned away for it', async () => {
  const alone = await twoProcesses(undefined);
  expect(await inTurn(alone, 6, anAddress())).toEqual([true, true, true, true, false, false]);
  const redis = ending.use(await startRedisServer());
  const processes = await twoProcesses(redis.url);
  expect(await isLetIn(processes[0], anAddress())).toBe(true);
  await redis.kill();
  expect(await inTurn(processes, 6, anAddress())).toEqual([true, true, true, true, false, false]);
});

it('a Redis that is away keeps no process from starting', async () => {
  const processes = await twoProcesses('redis://127.0.0.1:1');
  expect(await inTurn(processes, 2, anAddress())).toEqual([true, true]);
});
