import { randomUUID } from 'node:crypto';
import { redisServers } from '@shop/tests/kit/stores';
import { quietLogger } from '@shop/tests/kit/subgraph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openRedis, type Redis } from '../src/redis.js';
import { redisCache } from '../src/redis-cache.js';
import { redisRateLimiter } from '../src/redis-rate-limit.js';
import { cacheContract } from './cache.contract.js';
import { rateLimitContract } from './rate-limit.contract.js';

const counted = z.object({ n: z.number() });
const cacheOn = (redis: Redis, prefix: string = randomUUID()) => redisCache(redis, { prefix, logger: quietLogger });

describe.each(redisServers())('on $name', ({ url }) => {
  let redis: Redis;
  let other: Redis;

  beforeAll(async () => {
    const options = { url, logger: quietLogger, deadlineMs: 10_000, connectWithinMs: 10_000 };
    [redis, other] = await Promise.all([openRedis(options), openRedis(options)]);
  });
  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });

  describe('a cache', () => {
    cacheContract(() => cacheOn(redis));

    it('loads once for all processes, and hands the value to all of them', async () => {
      const prefix = randomUUID();
      let loads = 0;
      const load = async () => ({ n: ++loads });
      const caches = [cacheOn(redis, prefix), cacheOn(other, prefix), cacheOn(redis, prefix), cacheOn(other, prefix)];
      const found = await Promise.all(caches.map((cache) => cache.fetch('a', 60_000, load, counted)));
      expect(found).toEqual(caches.map(() => ({ n: 1 })));
    });

    it('does not load what another process loaded since it looked', async () => {
      const prefix = randomUUID();
      let letOn = () => {};
      const loaded = new Promise<void>((resolve) => (letOn = resolve));
      let calls = 0;
      const late: Redis = { ...redis, run: async (command) => (++calls > 1 ? loaded : Promise.resolve()).then(() => redis.run(command)) };
      const slow = cacheOn(late, prefix).fetch('a', 60_000, async () => ({ n: 2 }), counted);
      expect(await cacheOn(other, prefix).fetch('a', 60_000, async () => ({ n: 1 }), counted)).toEqual({ n: 1 });
      letOn();
      expect(await slow).toEqual({ n: 1 });
      expect(await redis.run((client) => client.exists(`${prefix}:lock:a`))).toBe(0);
    });

    it('forgets in all processes what one of them invalidates', async () => {
      const prefix = randomUUID();
      const [one, two] = [cacheOn(redis, prefix), cacheOn(other, prefix)];
      expect(await one.fetch('a', 60_000, async () => ({ n: 1 }), counted)).toEqual({ n: 1 });
      expect(await two.fetch('a', 60_000, async () => ({ n: 2 }), counted)).toEqual({ n: 1 });
      await two.invalidate('a');
      expect(await one.fetch('a', 60_000, async () => ({ n: 3 }), counted)).toEqual({ n: 3 });
    });

    it('loads again what it cannot read', async () => {
      const cache = cacheOn(redis);
      await cache.fetch('a', 60_000, async () => ({ name: 'of an earlier version' }), z.object({ name: z.string() }));
      expect(await cache.fetch('a', 60_000, async () => ({ n: 1 }), counted)).toEqual({ n: 1 });
    });

    it('lets values end, each a little earlier or later than asked', async () => {
      const prefix = randomUUID();
      const cache = cacheOn(redis, prefix);
      const keys = Array.from({ length: 40 }, (_, at) => `key-${at}`);
      await Promise.all(keys.map((key) => cache.fetch(key, 100_000, async () => ({ n: 1 }), counted)));
      const left = await redis.run((client) => Promise.all(keys.map((key) => client.pTTL(`${prefix}:value:${key}`))));
      expect(Math.min(...left)).toBeGreaterThan(85_000);
      expect(Math.max(...left)).toBeLessThanOrEqual(110_000);
      expect(new Set(left.map((ms) => Math.round(ms / 1_000))).size).toBeGreaterThan(5);
    });
  });

  describe('a rate limiter', () => {
    rateLimitContract((clock) => redisRateLimiter(redis, { prefix: 'test', clock }));

    it('gives all processes one budget, by the time of the server', async () => {
      const key = randomUUID();
      const limiters = [redisRateLimiter(redis, { prefix: 'test' }), redisRateLimiter(other, { prefix: 'test' })];
      const taken = await Promise.all(
        Array.from({ length: 15 }, () => limiters.map((limiter) => limiter.take(key, { limit: 5, perMs: 3_600_000 }))).flat(),
      );
      expect(taken.filter(({ kind }) => kind === 'ok')).toHaveLength(5);
    });
  });
});
