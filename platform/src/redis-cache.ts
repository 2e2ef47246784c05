import { randomUUID } from 'node:crypto';
import { z, type ZodType } from 'zod';
import { spreadMs, type Cache } from './cache.js';
import { pause } from './lifecycle.js';
import type { Logger } from './logger.js';
import { script, RedisUnavailable, type Redis } from './redis.js';

export interface RedisCacheOptions {
  /** Begins every key, so that caches of one server do not meet: `cart:variants`. */
  prefix: string;
  logger: Logger;
  /** One load of a key at a time in all processes, for so long; then somebody else loads as well. 2 s. */
  loadMs?: number;
}

/** No value lives longer; the marks that outdate values live twice as long. */
const MAX_TTL_MS = 12 * 3_600_000;
const POLL_MS = 20;
const RETRY_MS = 250;

/**
 * One cache for all processes. A value carries the marks that its key's prefixes had when it began to load; `invalidate` sets a prefix's
 * mark anew, so that what was loaded before, or is being loaded, is no longer believed. While Redis is away everything is loaded; an
 * invalidation that could not be written is repeated until it is, and until then this process believes nothing that it touches.
 */
export function redisCache(redis: Redis, { prefix, logger, loadMs = 2_000 }: RedisCacheOptions): Cache & AsyncDisposable {
  const loading = new Map<string, Promise<unknown>>();
  const owed = owedMarks(redis, prefix, logger);

  const through = async <T extends object>(key: string, ttlMs: number, load: () => Promise<T>, schema: ZodType<T>): Promise<T> => {
    if (owed.concerns(key)) return load();
    const giveUpAtMs = performance.now() + loadMs;
    const hold = { prefix, key, token: randomUUID() };
    try {
      const { value } = await read(redis, prefix, key, schema);
      if (value) return value;
      while (performance.now() < giveUpAtMs) {
        const { locked, marks, value } = await lockAndRead(redis, hold, loadMs, schema);
        if (value && locked) await release(redis, hold, null);
        if (value) return value;
        if (locked) return await loadAndRelease(redis, hold, { marks, ttlMs }, load);
        await pause(POLL_MS * (0.5 + Math.random()), NEVER);
      }
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error;
    }
    return load();
  };
  return {
    fetch: <T extends object>(key: string, ttlMs: number, load: () => Promise<T>, schema: ZodType<T>): Promise<T> => {
      const known = loading.get(key);
      if (known) return known.then((value) => schema.parse(value));
      const running = through(key, Math.min(ttlMs, MAX_TTL_MS), load, schema).finally(() => {
        if (loading.get(key) === running) loading.delete(key);
      });
      loading.set(key, running);
      return running;
    },
    invalidate: async (begin) => {
      for (const key of loading.keys()) if (key.startsWith(begin)) loading.delete(key);
      await owed.pay(begin);
    },
    [Symbol.asyncDispose]: async () => owed[Symbol.dispose](),
  };
}

const NEVER = new AbortController().signal;

const storedSchema = z.object({ marks: z.string(), value: z.unknown() });
type Stored = z.infer<typeof storedSchema>;

/** The value with its marks, and the marks of now, in one round trip. */
async function read<T>(redis: Redis, prefix: string, key: string, schema: ZodType<T>): Promise<{ marks: string; value: T | null }> {
  const names = prefixesOf(key).map((begin) => markName(prefix, begin));
  const [text, ...found] = await redis.run((client) => client.mGet([valueName(prefix, key), ...names]));
  const marks = found.map((mark) => mark ?? '').join(',');
  if (text === null || text === undefined) return { marks, value: null };
  const stored = storedSchema.safeParse(JSON.parse(text));
  const parsed = stored.success && stored.data.marks === marks ? schema.safeParse(stored.data.value) : null;
  return { marks, value: parsed?.success ? parsed.data : null };
}

/** Somebody's lock of a key. */
interface Hold {
  prefix: string;
  key: string;
  /** Names the holder. */
  token: string;
}

async function loadAndRelease<T extends object>(
  redis: Redis,
  hold: Hold,
  { marks, ttlMs }: { marks: string; ttlMs: number },
  load: () => Promise<T>,
): Promise<T> {
  let value: T | null = null;
  try {
    value = await load();
    return value;
  } finally {
    await release(redis, hold, value && { text: JSON.stringify({ marks, value } satisfies Stored), ttlMs });
  }
}

/** Gives the lock back, and keeps what was loaded, if anything was. */
async function release(redis: Redis, { prefix, key, token }: Hold, loaded: { text: string; ttlMs: number } | null): Promise<void> {
  const ttl = loaded ? String(Math.max(1, Math.round(spreadMs(loaded.ttlMs)))) : '';
  await redis
    .evaluate(keepScript, [valueName(prefix, key), lockName(prefix, key)], [loaded?.text ?? '', ttl, token])
    // Kept or not: the value is loaded, and a lock that was not given back ends by itself.
    .catch(() => undefined);
}

/** In this order: whoever loaded between our first look and our lock has kept the value by then. Both travel on one connection, together. */
async function lockAndRead<T>(redis: Redis, { prefix, key, token }: Hold, loadMs: number, schema: ZodType<T>) {
  const lock = { condition: 'NX', expiration: { type: 'PX', value: loadMs } } as const;
  const [answer, found] = await Promise.all([
    redis.run((client) => client.set(lockName(prefix, key), token, lock)),
    read(redis, prefix, key, schema),
  ]);
  return { locked: answer === 'OK', ...found };
}

const keepScript = script(`
if ARGV[1] ~= '' then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
if redis.call('GET', KEYS[2]) == ARGV[3] then redis.call('DEL', KEYS[2]) end
return 1
`);

/** Marks that are yet to be written, because Redis was away. */
function owedMarks(redis: Redis, prefix: string, logger: Logger) {
  const owed = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  // Never the same mark twice: one that has expired must not make a value of its time good again.
  const write = (begin: string) =>
    redis.run((client) => client.set(markName(prefix, begin), randomUUID(), { expiration: { type: 'PX', value: 2 * MAX_TTL_MS } }));
  const pay = async (begin: string): Promise<void> => {
    owed.add(begin);
    try {
      await write(begin);
      owed.delete(begin);
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error;
      timer ??= setTimeout(payAll, RETRY_MS);
    }
  };
  const payAll = () => {
    timer = null;
    Promise.all([...owed].map(pay)).catch((err: unknown) => logger.error({ err, reason: 'redis' }, 'an invalidation could not be written'));
  };
  return {
    pay,
    concerns: (key: string): boolean => owed.size > 0 && [...owed].some((begin) => key.startsWith(begin)),
    [Symbol.dispose]: () => {
      if (timer) clearTimeout(timer);
    },
  };
}

/** What a key can be invalidated by: nothing at all, each part that ends with a colon, and itself. */
function prefixesOf(key: string): string[] {
  const parts = key.split(':').slice(0, -1);
  return ['', ...parts.map((_, at) => `${parts.slice(0, at + 1).join(':')}:`), key];
}

const valueName = (prefix: string, key: string) => `${prefix}:value:${key}`;
const markName = (prefix: string, begin: string) => `${prefix}:mark:${begin}`;
const lockName = (prefix: string, key: string) => `${prefix}:lock:${key}`;
