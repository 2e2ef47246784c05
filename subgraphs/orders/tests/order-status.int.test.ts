import type { FormattedExecutionResult } from 'graphql';
import { newId } from '@shop/platform/ids';
import { directTransport } from '@shop/platform/subgraph-transport';
import { anonymous, type Viewer } from '@shop/platform/viewer';
import { as, claimsOf, dataOf, TEST_SECRET, userViewer } from '@shop/tests/kit/subgraph';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startOrdersAlone, type OrdersAlone } from './orders-kit.js';

let shop: OrdersAlone;

beforeAll(async () => {
  shop = await startOrdersAlone();
});

afterAll(async () => {
  await shop[Symbol.asyncDispose]();
});

const ada = newId();
const owner = userViewer(ada);
const staff = userViewer(undefined, ['orders:read', 'orders:write']);

const step = z.object({ orderStatusChanged: z.object({ revision: z.int(), status: z.string(), order: z.object({ id: z.string() }) }) });

async function subscribe(
  orderId: string,
  afterRevision: number | null | undefined,
  viewer: Viewer = owner,
  signal = new AbortController().signal,
) {
  const query = `subscription ($orderId: ID!, $afterRevision: Int) {
    orderStatusChanged(orderId: $orderId, afterRevision: $afterRevision) { revision status order { id } } }`;
  const variables = { orderId, ...(afterRevision !== undefined && { afterRevision }) };
  return directTransport(shop.orders.server, TEST_SECRET).subscribe({ query, variables }, claimsOf(viewer), signal);
}

async function follow(...args: Parameters<typeof subscribe>) {
  const stream = await subscribe(...args);
  if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream.errors));
  const iterator = stream[Symbol.asyncIterator]();
  const read = (result: IteratorResult<FormattedExecutionResult>) => {
    if (result.done) return 'end';
    const { revision, status } = step.parse(result.value.data).orderStatusChanged;
    return `${revision} ${status}`;
  };
  return {
    next: async () => read(await iterator.next()),
    all: async () => {
      const seen: string[] = [];
      for (let now = read(await iterator.next()); now !== 'end'; now = read(await iterator.next())) seen.push(now);
      return seen;
    },
    stop: () => iterator.return?.(),
  };
}

test('without afterRevision it starts with the current step, then goes on live', async () => {
  const { id } = await shop.place({ customerId: ada });
  await shop.hear(id, 'stock-reserved', 'payment-authorized');
  const steps = await follow(id, undefined);
  expect(await steps.next()).toBe('2 CONFIRMED');
  const coming = steps.next();
  await dataOf(as(shop.orders, staff)(`mutation { createShipment(input: { orderId: "${id}", carrier: "DHL" }) { __typename } }`));
  await shop.settle();
  expect(await coming).toBe('3 SHIPPED');
  await steps.stop();
});

test('with afterRevision it replays what was missed: nothing twice, nothing left out', async () => {
  const { id } = await shop.place({ customerId: ada });
  const first = await follow(id, 0);
  expect(await first.next()).toBe('1 PLACED');
  await first.stop();
  await shop.hear(id, 'stock-reserved', 'payment-authorized');
  await dataOf(as(shop.orders, owner)(`mutation { cancelOrder(input: { orderId: "${id}" }) { __typename } }`));
  expect(await (await follow(id, 1)).all()).toEqual(['2 CONFIRMED', '3 CANCELLED']);
  expect(await (await follow(id, 0)).all()).toEqual(['1 PLACED', '2 CONFIRMED', '3 CANCELLED']);
  expect(await (await follow(id, 3)).all()).toEqual([]);
});

test('ends by itself after a step that nothing can follow', async () => {
  const { id } = await shop.place({ customerId: ada });
  const steps = (await follow(id, 0)).all();
  await shop.hear(id, 'stock-rejected');
  expect(await steps).toEqual(['1 PLACED', '2 REJECTED']);
});

test('many followers hear each step once, however it is raced', async () => {
  const { id } = await shop.place({ customerId: ada });
  const followers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => follow(id, n % 2 === 0 ? 0 : null, n % 3 === 0 ? staff : owner)),
  );
  const seen = Promise.all(followers.map((follower) => follower.all()));
  await shop.hear(id, 'stock-reserved', 'payment-authorized');
  await dataOf(as(shop.orders, owner)(`mutation { cancelOrder(input: { orderId: "${id}" }) { __typename } }`));
  await shop.settle();
  for (const steps of await seen) {
    const revisions = steps.map((text) => Number(text.split(' ')[0]));
    expect(revisions.at(-1)).toBe(3);
    expect(revisions).toEqual(revisions.map((_, index) => (revisions[0] ?? 0) + index));
  }
});

test('a step that no message told of is found by looking', async () => {
  const { id } = await shop.place({ customerId: ada });
  const steps = await follow(id, 1);
  const coming = steps.next();
  await shop.db.run(
    `update orders set status = 'CONFIRMED', revision = 2, timeline = timeline || '{"revision": 2, "at": "2026-03-01T10:00:01.000Z", "status": "CONFIRMED", "message": "x", "actor": "shop"}' where id = $1`,
    [id],
  );
  await shop.settle();
  expect(await coming).toBe('2 CONFIRMED');
  await steps.stop();
});

test('only its owner, its token and staff may follow it', async () => {
  const { id } = await shop.place({ customerId: ada });
  const refusal = async (viewer: Viewer, orderId = id) => {
    const answer = await subscribe(orderId, 0, viewer);
    return Symbol.asyncIterator in answer ? 'followed' : answer.errors?.[0]?.extensions?.['code'];
  };
  expect(await refusal(userViewer())).toBe('NOT_FOUND');
  expect(await refusal(anonymous)).toBe('NOT_FOUND');
  expect(await refusal({ kind: 'order-token', orderId: newId() })).toBe('NOT_FOUND');
  expect(await refusal(owner, newId())).toBe('NOT_FOUND');
  const guest = await follow(id, 0, { kind: 'order-token', orderId: id });
  expect(await guest.next()).toBe('1 PLACED');
  await guest.stop();
});

test('ends at once when the client leaves', async () => {
  const { id } = await shop.place({ customerId: ada });
  const leaving = new AbortController();
  const steps = await follow(id, 1, owner, leaving.signal);
  const coming = steps.next();
  leaving.abort();
  expect(await coming).toBe('end');
});
