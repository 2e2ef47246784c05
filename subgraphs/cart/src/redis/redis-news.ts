import type { Logger } from '@shop/platform/logger';
import { RedisUnavailable, type Redis } from '@shop/platform/redis';
import type { CartNews } from '../cart-watch.js';
import { CHANGES } from './cart-scripts.js';

/** By publish and subscribe in Redis. What is told while Redis is away is lost; whoever listens hears that when it is back. */
export function redisNews(redis: Redis, logger: Logger): CartNews {
  return {
    tell: (cartId) => {
      redis
        .run((client) => client.publish(CHANGES, cartId))
        .catch((err: unknown) => {
          if (!(err instanceof RedisUnavailable)) logger.warn({ err, reason: 'cart-changed' }, 'a change could not be told');
        });
    },
    hear: (listener) => redis.subscribe(CHANGES, listener, () => listener(null)),
  };
}
