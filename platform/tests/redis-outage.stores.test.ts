import { randomUUID } from 'node:crypto';
import { startRedisServer, type RedisServer } from '@shop/tests/kit/redis-server';
import { quietLogger } from '@shop/tests/kit/subgraph';
import { until } from '@shop/tests/kit/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../src/clock.js';
import { countingAloneWhenAway, inProcessRateLimiter } from '../src/rate-limit.js';
import { openRedis, RedisUnavailable, type Redis } from '../src/redis.js';
import { redisCache } from '../src/redis-cache.js';
import { redisRateLimiter } from '../src/redis-rate-limit.js';

const counted = z.object({ n: z.number() });
const hour = { limit: 1, perMs: 3_600_000 };

describe('while Redis is away', () => {
  let server: RedisServer;
  let redis: Redis;
  const back = () => until(() => redis.run((client) => client.ping()), { what: 'the connection' });
  const outages = [
    { how: 'killed', begin: () => server.kill(), end: () => server.start() },
    { how: 'hanging', begin: async () => server.pause(), end: async () => server.resume() },
  ];

  beforeAll(async () => {
    server = await startRedisServer();
    redis = await openRedis({ url: server.url, logger: quietLogger, deadlineMs: 3_000, restMs: 200, connectWithinMs: 10_000 });
  });
  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it.each(outages)('($how) a cache loads what it is asked for, and fails no caller', async ({ begin, end }) => {
    await using cache = redisCache(redis, { prefix: randomUUID(), logger: quietLogger });
    await cache.fetch('a', 60_000, async () => ({ n: 1 }), counted);
    await begin();
    expect(await cache.fetch('a', 60_000, async () => ({ n: 2 }), counted)).toEqual({ n: 2 });
    expect(await cache.fetch('a', 60_000, async () => ({ n: 3 }), counted)).toEqual({ n: 3 });
    await end();
    await back();
  });

  it.each(outages)(
    '($how) an invalidation is not lost: what it touches is believed again only when it is written',
    async ({ begin, end }) => {
      const prefix = randomUUID();
      await using cache = redisCache(redis, { prefix, logger: quietLogger });
      await using other = redisCache(redis, { prefix, logger: quietLogger });
      const read = (of: typeof cache, n: number) => of.fetch('product:1', 3_600_000, async () => ({ n }), counted);
      expect(await read(cache, 1)).toEqual({ n: 1 });
      await begin();
      await cache.invalidate('product:');
      expect(await read(cache, 2)).toEqual({ n: 2 });
      await end();
      await back();
      expect(await read(cache, 3)).toEqual({ n: 3 });
      await until(async () => ((await read(other, 4)).n >= 3 ? true : null), { what: 'the invalidation to reach the other process' });
    },
  );

  it.each(outages)('($how) a limiter says that it cannot tell, and its caller decides', async ({ begin, end }) => {
    const limiter = redisRateLimiter(redis, { prefix: randomUUID() });
    const lenient = countingAloneWhenAway(limiter, inProcessRateLimiter(systemClock), quietLogger);
    await begin();
    await expect(limiter.take('login', hour)).rejects.toThrow(RedisUnavailable);
    expect([(await lenient.take('browse', hour)).kind, (await lenient.take('browse', hour)).kind]).toEqual(['ok', 'limited']);
    await end();
    await back();
    expect((await limiter.take('another login', hour)).kind).toBe('ok');
  });

  it('a process starts all the same, and is heard when Redis comes', async () => {
    await server.kill();
    await using late = await openRedis({ url: server.url, logger: quietLogger, connectWithinMs: 50 });
    await expect(late.run((client) => client.ping())).rejects.toThrow(RedisUnavailable);
    const heard: string[] = [];
    await using _ = await late.subscribe(
      'news',
      (message) => heard.push(message),
      () => undefined,
    );
    await server.start();
    await until(() => late.run((client) => client.ping()));
    await until(async () => {
      await late.run((client) => client.publish('news', 'here'));
      return heard.length > 0 ? heard : null;
    });
  });

  it('that was only slow is used again as soon as it has answered, however long it would be left alone', async () => {
    const hourMs = 3_600_000;
    await using patient = await openRedis({ url: server.url, logger: quietLogger, deadlineMs: 200, restMs: hourMs });
    await until(() => patient.run((client) => client.ping()));
    server.pause();
    await expect(patient.run((client) => client.ping())).rejects.toThrow(RedisUnavailable);
    server.resume();
    await until(() => patient.run((client) => client.ping()), { timeoutMs: 10_000 });
  });

  it('whoever follows a channel is told when messages may have been missed', async () => {
    let gaps = 0;
    await using _ = await redis.subscribe(
      'gaps',
      () => undefined,
      () => gaps++,
    );
    await server.kill();
    await server.start();
    await until(async () => (gaps > 0 ? gaps : null));
  });
});
