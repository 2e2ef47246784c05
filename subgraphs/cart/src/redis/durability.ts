import type { Logger } from '@shop/platform/logger';
import { RedisUnavailable, type Redis } from '@shop/platform/redis';

/** Whether carts may live in a Redis that can lose what it has acknowledged. */
export type Durability = 'required' | 'warned-of';

/** What a Redis that holds carts is set to: every write on disk before it is acknowledged, and nothing thrown out for want of memory. */
const expected: Readonly<Record<string, readonly string[]>> = {
  appendonly: ['yes'],
  appendfsync: ['always'],
  'maxmemory-policy': ['noeviction'],
};

/**
 * The same Redis, used only after its settings have been looked at, at every connection anew; whoever comes before they are known looks
 * again. With `required` throws when Redis answers and would lose writes; when it comes later, or comes back so, it counts as away and the
 * log says why.
 */
export async function durableRedis(redis: Redis, durability: Durability, logger: Logger): Promise<Redis> {
  let known: Promise<string | null> | null = null;
  let seen: string | null = null;
  const look = async (): Promise<string | null> => {
    const found = await faultOf(redis);
    if (found !== null && found !== seen) logger.warn({ reason: found }, 'Redis may lose carts that it has acknowledged');
    seen = found;
    return durability === 'required' ? found : null;
  };
  const begun = (): Promise<string | null> => {
    const looking = look();
    looking.catch(() => {
      if (known === looking) known = null;
    });
    return looking;
  };
  const fault = (): Promise<string | null> => (known ??= begun());
  const first = await fault().catch((error: unknown) => {
    if (error instanceof RedisUnavailable) return null;
    throw error;
  });
  if (first !== null) throw new Error(`Redis is not fit for carts: ${first}`);
  redis.onConnected(async () => {
    known = null;
    await fault();
  });
  const whenFit = async <T>(work: () => Promise<T>): Promise<T> => {
    const found = await fault();
    if (found !== null) throw new RedisUnavailable(`Redis is not used: ${found}`);
    return work();
  };
  return {
    ...redis,
    run: (commands) => whenFit(() => redis.run(commands)),
    evaluate: (...call) => whenFit(() => redis.evaluate(...call)),
  };
}

async function faultOf(redis: Redis): Promise<string | null> {
  const settings = await redis
    .run((client) => client.configGet(Object.keys(expected)))
    .catch((error: unknown) => {
      if (error instanceof RedisUnavailable) throw error;
      return null;
    });
  if (settings === null) return 'it does not tell its settings';
  const wrong = Object.entries(expected).filter(([name, values]) => !values.includes(settings[name] ?? ''));
  if (wrong.length === 0) return null;
  return wrong.map(([name, values]) => `${name} is ${settings[name] ?? 'unknown'}, not ${values.join(' or ')}`).join('; ');
}
