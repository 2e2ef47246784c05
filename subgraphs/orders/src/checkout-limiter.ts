import type { Clock } from '@shop/platform/clock';
import type { Logger } from '@shop/platform/logger';
import { countingAloneWhenAway, inProcessRateLimiter, type RateLimiter } from '@shop/platform/rate-limit';
import { openRedis } from '@shop/platform/redis';
import { redisRateLimiter } from '@shop/platform/redis-rate-limit';

export interface CheckoutLimiter extends AsyncDisposable {
  limiter: RateLimiter;
}

/**
 * Counts checkouts: in Redis, once for all processes, when there is one. While it is away each process counts alone, so that nobody is
 * turned away for it. Starts without waiting for a Redis that is away for longer than 2 s.
 */
export async function openCheckoutLimiter(redisUrl: string | undefined, clock: Clock, logger: Logger): Promise<CheckoutLimiter> {
  const alone = inProcessRateLimiter(clock);
  if (redisUrl === undefined) return { limiter: alone, [Symbol.asyncDispose]: async () => undefined };
  const redis = await openRedis({ url: redisUrl, logger });
  const shared = redisRateLimiter(redis, { prefix: 'orders' });
  return { limiter: countingAloneWhenAway(shared, alone, logger), [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose]() };
}
