import type { Database } from '@shop/platform/database';
import { openRedis, type Redis } from '@shop/platform/redis';
import { openTestDatabase } from '@shop/tests/kit/database';
import { redisServers } from '@shop/tests/kit/stores';
import { quietLogger } from '@shop/tests/kit/subgraph';
import { afterAll, beforeAll, describe } from 'vitest';
import { cartMigrations } from '../src/migrations.js';
import { cartCopyIn } from '../src/redis/cart-copy.js';
import { redisCartStore, type RedisCartStore } from '../src/redis/redis-cart-store.js';
import { cartStoreContract } from './cart-store.contract.js';

describe.each(redisServers())('the cart store in $name', ({ url }) => {
  let db: Database;
  let redis: Redis;
  let store: RedisCartStore;

  beforeAll(async () => {
    const opened = await openTestDatabase(cartMigrations);
    db = opened.db;
    redis = await openRedis({ url: `${url}/3`, logger: quietLogger, deadlineMs: 10_000, connectWithinMs: 10_000 });
    await redis.run((client) => client.flushDb());
    store = redisCartStore({ redis, copy: cartCopyIn(db), guestCartDays: 90, logger: quietLogger });
    return () => opened[Symbol.asyncDispose]();
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  cartStoreContract(
    () => store,
    () => store,
  );
});
