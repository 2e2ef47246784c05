import { randomUUID } from 'node:crypto';
import { manualClock } from '@shop/platform/clock';
import type { Database } from '@shop/platform/database';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import { openRedis, RedisUnavailable, type Redis } from '@shop/platform/redis';
import { orderPlacedOf } from '@shop/tests/kit/event';
import { openTestDatabase, type OpenTestDatabase } from '@shop/tests/kit/database';
import { startRedisServer, type RedisServer } from '@shop/tests/kit/redis-server';
import { quietLogger } from '@shop/tests/kit/subgraph';
import { until } from '@shop/tests/kit/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { emptyCart, type Cart, type CartState } from '../src/cart.js';
import { mergeCarts } from '../src/cart-merge.js';
import { cartMigrations } from '../src/migrations.js';
import { followOrders } from '../src/redis/ordered-carts.js';
import { cartCopyIn, type CartCopy } from '../src/redis/cart-copy.js';
import { VERSIONS_SKIPPED } from '../src/redis/carts-in-redis.js';
import { durableRedis } from '../src/redis/durability.js';
import { redisCartStore, type RedisCartStore } from '../src/redis/redis-cart-store.js';

const now = new Date('2026-03-01T12:00:00.000Z');
const holding = (...skus: string[]): CartState => ({
  ...emptyCart,
  lines: skus.map((sku) => ({
    id: randomUUID(),
    sku,
    quantity: 2,
    seen: { productName: 'P', variantName: 'V', unitPrice: { amountMinor: 1, currency: 'EUR' }, weightGrams: 1, taxClass: 'standard' },
  })),
});
const skusOf = (cart: Cart | null) => cart?.lines.map(({ sku }) => sku);

let server: RedisServer;
let place: OpenTestDatabase;
let db: Database;
let copy: CartCopy;
let redis: Redis;
let store: RedisCartStore;
const back = () => until(() => redis.run((client) => client.ping()), { what: 'the connection' });
const storeOn = (connection: Redis, copyWithinMs = 10) =>
  redisCartStore({ redis: connection, copy, guestCartDays: 90, logger: quietLogger, copyWithinMs });
const guest = async (on: RedisCartStore, ...skus: string[]): Promise<Cart> => {
  const outcome = await on.save(await on.createForGuest(now), holding(...skus), now);
  if (outcome.kind !== 'saved') throw new Error(outcome.kind);
  return outcome.cart;
};
const unavailable = { extensions: { code: 'SERVICE_UNAVAILABLE' } };

beforeAll(async () => {
  [server, place] = await Promise.all([startRedisServer(), openTestDatabase(cartMigrations)]);
  db = place.db;
  copy = cartCopyIn(db);
  redis = await openRedis({ url: server.url, logger: quietLogger, deadlineMs: 3_000, restMs: 200, connectWithinMs: 10_000 });
  store = storeOn(redis);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

describe('the copy of the carts', () => {
  it('gets every change soon, without being asked', async () => {
    const cart = await guest(store, 'a');
    await until(async () => ((await copy.read(cart.id))?.cart.version === 2 ? true : null), { what: 'the copy' });
    expect((await copy.read(cart.id))?.cart).toEqual(cart);
  });

  it('has everything once a store is disposed of', async () => {
    const other = storeOn(redis, 3_600_000);
    const cart = await guest(other, 'a', 'b');
    await other[Symbol.asyncDispose]();
    expect((await copy.read(cart.id))?.cart).toEqual(cart);
  });

  it('gets from another process what a killed one did not copy any more', async () => {
    const cart = await guest(storeOn(redis, 3_600_000), 'a');
    await storeOn(redis).copying.drain();
    expect((await copy.read(cart.id))?.cart).toEqual(cart);
  });

  it('never goes back to an older version, in whatever order it is written', async () => {
    const cart = await guest(store, 'new');
    await store.copying.drain();
    const older = { cart: { ...cart, ...holding('old'), version: cart.version - 1 }, expiresAt: now, heirId: null, takenOut: [] };
    expect([...(await copy.write([older]))]).toEqual([cart.id]);
    expect((await copy.read(cart.id))?.cart).toEqual(cart);
  });

  it('holds merged carts and their heirs', async () => {
    const [{ id }, userId] = [await guest(store, 'a'), newId()];
    await store.merge(id, userId, (own, theirs) => mergeCarts(own, theirs, 'SUM'), now);
    await store.copying.drain();
    const heir = await copy.readOfCustomer(userId);
    expect(skusOf(heir?.cart ?? null)).toEqual(['a']);
    expect((await copy.read(id))?.heirId).toBe(heir?.cart.id);
  });
});

describe('when Redis is emptied', () => {
  it('a cart comes back from its copy, under a version that was never given, and goes on', async () => {
    const [cart, userId] = [await guest(store, 'a'), newId()];
    const own = await store.createForCustomer(userId, now);
    await store.copying.drain();
    await server.flush();
    const restored = await store.load(cart.id, now);
    expect(restored).toEqual({ ...cart, version: cart.version + VERSIONS_SKIPPED });
    expect((await store.findByCustomer(userId))?.id).toBe(own.id);
    expect((await store.createForCustomer(userId, now)).id).toBe(own.id);
    const saved = restored && (await store.save(restored, holding('b'), now));
    expect(saved?.kind).toBe('saved');
    await store.copying.drain();
    expect((await copy.read(cart.id))?.cart).toMatchObject({ version: cart.version + VERSIONS_SKIPPED + 1, lines: [{ sku: 'b' }] });
  });

  it('a writer of before meets a newer version instead of writing over what came back', async () => {
    const cart = await guest(store, 'a');
    await store.copying.drain();
    await server.flush();
    expect(await store.save(cart, holding('b'), now)).toEqual({ kind: 'stale' });
    expect(skusOf(await store.load(cart.id, now))).toEqual(['a']);
  });

  it('an order that was taken out before is not taken out again', async () => {
    const [cart, eventId] = [await guest(store, 'a', 'b'), randomUUID()];
    const ordered = { orderId: newId(), cartId: cart.id, lines: [{ sku: 'a', quantity: 1 }] };
    expect(await store.takeOut(ordered, eventId, now)).toEqual({ cartId: cart.id, version: cart.version + 1 });
    expect(await store.takeOut(ordered, eventId, now)).toBeNull();
    await store.copying.drain();
    await server.flush();
    expect(await store.takeOut(ordered, eventId, now)).toBeNull();
    expect((await store.load(cart.id, now))?.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('what was ordered from a cart that was merged meanwhile is taken out of its heir, once', async () => {
    const [cart, eventId] = [await guest(store, 'a', 'b'), randomUUID()];
    const merged = await store.merge(cart.id, newId(), (own, other) => mergeCarts(own, other, 'SUM'), now);
    if (merged.kind !== 'merged') throw new Error(merged.kind);
    const ordered = { orderId: newId(), cartId: cart.id, lines: [{ sku: 'a', quantity: 2 }] };
    expect(await store.takeOut(ordered, eventId, now)).toEqual({ cartId: merged.cart.id, version: merged.cart.version + 1 });
    expect(await store.takeOut(ordered, eventId, now)).toBeNull();
    expect(skusOf(await store.load(merged.cart.id, now))).toEqual(['b']);
  });

  it('of two carts of one person, one from before that reaches the copy late, the newer stays', async () => {
    const userId = newId();
    const before = await store.createForCustomer(userId, now);
    await store.copying.drain();
    await server.flush();
    await db.run(`delete from cart where customer_id = $1`, [userId]);
    const later = new Date(now.getTime() + 1_000);
    const after = await store.createForCustomer(userId, later);
    await copy.write([{ cart: before, expiresAt: null, heirId: null, takenOut: [] }]);
    await store.copying.drain();
    expect((await copy.readOfCustomer(userId))?.cart.id).toBe(after.id);
    await copy.write([{ cart: before, expiresAt: null, heirId: null, takenOut: [] }]);
    expect((await copy.readOfCustomer(userId))?.cart.id).toBe(after.id);
  });

  it('two carts of one person that are copied together keep no other cart from its copy', async () => {
    const userId = newId();
    const cartOf = (customerId: string, updatedAt: Date): Cart => ({ id: newId(), version: 1, customerId, ...emptyCart, updatedAt });
    const [older, newer, other] = [cartOf(userId, now), cartOf(userId, new Date(now.getTime() + 1_000)), cartOf(newId(), now)];
    const records = [older, newer, other].map((cart) => ({ cart, expiresAt: null, heirId: null, takenOut: [] }));
    expect(await copy.write(records)).toEqual(new Set([older.id]));
    expect((await copy.readOfCustomer(userId))?.cart.id).toBe(newer.id);
    expect((await copy.read(other.id))?.cart.id).toBe(other.id);
  });
});

describe('when Redis comes back with less than it had acknowledged', () => {
  it('the newer copy wins as soon as the cart is copied again', async () => {
    const cart = await guest(store, 'newest');
    await store.copying.drain();
    await redis.run((client) => client.hSet(`{cart}:record:${cart.id}`, 'version', '1'));
    await redis.run((client) => client.zAdd('{cart}:uncopied', { score: 1, value: cart.id }));
    await store.copying.drain();
    expect(await store.load(cart.id, now)).toEqual({ ...cart, version: cart.version + VERSIONS_SKIPPED });
  });
});

const outages = [
  { how: 'killed', begin: () => server.kill(), end: () => server.start() },
  { how: 'hanging', begin: async () => server.pause(), end: async () => server.resume() },
];

describe.each(outages)('while Redis is $how', ({ begin, end }) => {
  it('carts are read from their copy, and changes are refused rather than lost', async () => {
    const [cart, userId] = [await guest(store, 'a'), newId()];
    const own = await store.createForCustomer(userId, now);
    await store.copying.drain();
    await begin();
    expect(await store.load(cart.id, now)).toEqual(cart);
    expect(await store.findByCustomer(userId)).toEqual(own);
    await expect(store.createForGuest(now)).rejects.toMatchObject(unavailable);
    await expect(store.save(cart, holding('b'), now)).rejects.toMatchObject(unavailable);
    await expect(store.merge(cart.id, userId, (ours) => ({ kind: 'changed', state: ours }), now)).rejects.toMatchObject(unavailable);
    await end();
    await back();
    const again = await store.load(cart.id, now);
    expect(again && (await store.save(again, holding('c'), now)).kind).toBe('saved');
    expect(skusOf(await store.load(cart.id, now))).toEqual(['c']);
  });
});

describe('what Redis has acknowledged', () => {
  it('is there after kill -9, copied or not', async () => {
    const carts = await Promise.all(Array.from({ length: 20 }, (_, at) => guest(storeOn(redis, 3_600_000), `sku-${at}`)));
    await server.kill();
    await server.start();
    await back();
    for (const cart of carts) expect(await store.load(cart.id, now)).toEqual(cart);
  });
});

describe('a Redis that could lose carts', () => {
  it('is refused, unless a warning is enough', async () => {
    await using forgetful = await startRedisServer({ flags: ['--appendonly', 'no'] });
    await using plain = await openRedis({ url: forgetful.url, logger: quietLogger });
    await expect(durableRedis(plain, 'required', quietLogger)).rejects.toThrow('appendonly is no');
    const warned = await durableRedis(plain, 'warned-of', quietLogger);
    expect(await warned.run((client) => client.ping())).toBe('PONG');
  });

  it('counts as away when it turns up later', async () => {
    const forgetful = await startRedisServer({ flags: ['--appendonly', 'no'] });
    await using _ = forgetful;
    await forgetful.kill();
    await using plain = await openRedis({ url: forgetful.url, logger: quietLogger, connectWithinMs: 50 });
    const durable = await durableRedis(plain, 'required', quietLogger);
    await forgetful.start();
    await until(() => plain.run((client) => client.ping()));
    await expect(durable.run((client) => client.ping())).rejects.toThrow('not used');
  });
});

it('a Redis that was too slow to tell its settings when carts were opened is used as soon as it tells them', async () => {
  await using plain = await openRedis({ url: server.url, logger: quietLogger, deadlineMs: 200, restMs: 50 });
  await until(() => plain.run((client) => client.ping()));
  server.pause();
  const durable = await durableRedis(plain, 'required', quietLogger);
  await expect(durable.run((client) => client.ping())).rejects.toThrow(RedisUnavailable);
  server.resume();
  expect(await until(() => durable.run((client) => client.ping()), { timeoutMs: 10_000 })).toBe('PONG');
});

it('an order that comes while Redis is away is not put aside: the bus keeps it, and it empties its cart afterwards', async () => {
  const cart = await guest(store, 'A', 'B');
  await using bus = inProcessBus({ logger: quietLogger, backoffMs: [1] });
  await using _following = followOrders({ carts: store, watch: { announce: () => undefined }, db, bus, clock: manualClock(now) });
  const event = placed(cart);
  await server.kill();
  await expect(bus.publish(event)).rejects.toThrow(RedisUnavailable);
  await server.start();
  await back();
  await bus.publish(event);
  expect(await store.load(cart.id, now)).toMatchObject({ lines: [] });
  expect(await db.rows(z.unknown(), 'select from dead_letter')).toEqual([]);
});

const placed = ({ id, lines }: Cart) => orderPlacedOf(id, Object.fromEntries(lines.map(({ sku, quantity }) => [sku, quantity])), now);
