import { startCart } from '@shop/cart';
import { startCatalog } from '@shop/catalog';
import { seedCatalog } from '@shop/catalog/seed';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { directTransport } from '@shop/platform/subgraph-transport';
import { anonymous } from '@shop/platform/viewer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { orderPlacedOf } from '../../kit/event.js';
import { createTestDatabase } from '../../kit/postgres.js';
import { startRedisServer, type RedisServer } from '../../kit/redis-server.js';
import { as, claimsOf, dataOf, quietLogger, TEST_SECRET } from '../../kit/subgraph.js';
import { until } from '../../kit/until.js';

const stack = new AsyncDisposableStack();
let server: RedisServer;
let one: RunningSubgraph;
let two: RunningSubgraph;
const buses = [0, 1].map(() => stack.use(inProcessBus({ logger: quietLogger, backoffMs: [1] })));

/** Two processes of cart: each with a bus of its own, so that nothing but Redis and the database connects them. */
beforeAll(async () => {
  const [catalogPlace, cartPlace] = [stack.use(await createTestDatabase()), stack.use(await createTestDatabase())];
  server = stack.use(await startRedisServer());
  await seedCatalog(catalogPlace.url, { categories: [], products: [mug] });
  const config = { envelopeSecrets: [TEST_SECRET] };
  const [bus, otherBus] = buses;
  if (!bus || !otherBus) throw new Error('Two buses were made.');
  const catalog = stack.use(await startCatalog({ ...config, databaseUrl: catalogPlace.url }, { bus, logger: quietLogger }));
  const parts = { logger: quietLogger, catalog: directTransport(catalog.server, TEST_SECRET) };
  const cartConfig = { ...config, databaseUrl: cartPlace.url, redisUrl: server.url };
  one = stack.use(await startCart(cartConfig, { ...parts, bus }));
  two = stack.use(await startCart(cartConfig, { ...parts, bus: otherBus }));
});
afterAll(() => stack.disposeAsync());

const cartFields = z.object({ id: z.string(), version: z.int(), lines: z.array(z.object({ sku: z.string(), quantity: z.int() })) });
const shape = '{ id version lines { sku quantity } }';
const createCart = async () => {
  const { createCart: payload } = await dataOf(as(one)(`mutation { createCart { cart ${shape} } }`));
  return z.object({ cart: cartFields }).parse(payload).cart;
};
const add = (on: RunningSubgraph, cartId: string, quantity: number) =>
  as(on)(`mutation ($input: AddCartLinesInput!) { addCartLines(input: $input) { __typename ... on CartPayload { cart ${shape} } } }`, {
    input: { cartId, lines: [{ sku: 'mug-blue', quantity }] },
  });
const read = async (on: RunningSubgraph, id: string) =>
  cartFields.nullable().parse((await dataOf(as(on)(`query ($id: ID!) { cart(id: $id) ${shape} }`, { id })))['cart']);

it('a cart is the same in both, and no addition of either is lost', async () => {
  const { id } = await createCart();
  await Promise.all(Array.from({ length: 10 }, (_, at) => add(at % 2 ? one : two, id, 1)));
  expect(await read(one, id)).toMatchObject({ version: 11, lines: [{ sku: 'mug-blue', quantity: 10 }] });
  expect(await read(two, id)).toEqual(await read(one, id));
});

it('who follows a cart at one hears of changes made at the other', async () => {
  const { id } = await createCart();
  const stopping = new AbortController();
  const query = `subscription ($id: ID!) { cartChanged(cartId: $id) ${shape} }`;
  const source = await directTransport(two.server, TEST_SECRET).subscribe(
    { query, variables: { id } },
    claimsOf(anonymous),
    stopping.signal,
  );
  if (!(Symbol.asyncIterator in source)) throw new Error('A stream was expected.');
  const steps = source[Symbol.asyncIterator]();
  const next = async () => cartFields.parse((await steps.next()).value?.data?.['cartChanged']).version;
  expect(await next()).toBe(1);
  await dataOf(add(one, id, 1));
  expect(await next()).toBe(2);
  stopping.abort();
});

it('what is ordered is taken out once, whichever process hears of it, and however often', async () => {
  const { id } = await createCart();
  await dataOf(add(one, id, 3));
  const event = placed(id, 2);
  for (const bus of buses) await bus.publish(event);
  expect(await read(two, id)).toMatchObject({ lines: [{ sku: 'mug-blue', quantity: 1 }] });
});

it('while Redis is away carts are shown, and a change says that it cannot be made', async () => {
  const { id } = await createCart();
  await dataOf(add(one, id, 3));
  while ((await one.settle()) > 0);
  await server.kill();
  expect(await read(two, id)).toMatchObject({ lines: [{ sku: 'mug-blue', quantity: 3 }] });
  const { errors } = await add(two, id, 1);
  expect(errors?.[0]?.extensions?.['code']).toBe('SERVICE_UNAVAILABLE');
  await server.start();
  await until(async () => ((await add(two, id, 1)).errors ? null : true), { what: 'cart to find Redis again' });
  // Until the other process has found it too, it reads the copy.
  await until(async () => ((await read(one, id))?.lines[0]?.quantity === 4 ? true : null), { what: 'the addition in both processes' });
});

const placed = (cartId: string, quantity: number) => orderPlacedOf(cartId, { 'mug-blue': quantity });

const mug = {
  id: newId(),
  slug: 'mug',
  name: 'Mug',
  description: 'A thing.',
  brand: null,
  status: 'PUBLISHED' as const,
  taxClass: 'STANDARD' as const,
  categoryIds: [],
  images: [],
  attributes: [],
  options: [{ name: 'kind', values: ['blue'] }],
  variants: [
    {
      id: newId(),
      sku: 'mug-blue',
      name: 'Blue',
      optionValues: [{ name: 'kind', value: 'blue' }],
      price: { amountMinor: 1_190, currency: 'EUR' },
      compareAtPrice: null,
      weightGrams: 200,
    },
  ],
  createdAt: new Date('2026-01-01T00:00:00.000Z'),
};
