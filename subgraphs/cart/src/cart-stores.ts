import type { Cache } from '@shop/platform/cache';
import type { Clock } from '@shop/platform/clock';
import type { Subscription } from '@shop/platform/consumer';
import type { Database } from '@shop/platform/database';
import type { EventBus } from '@shop/platform/event-bus';
import type { Logger } from '@shop/platform/logger';
import type { Poller } from '@shop/platform/poller';
import { openRedis } from '@shop/platform/redis';
import { redisCache } from '@shop/platform/redis-cache';
import type { CartStore } from './cart-store.js';
import { busNews, cartWatchOf, type CartWatch } from './cart-watch.js';
import type { CartConfig } from './config.js';
import type { CartServices } from './context.js';
import { handlers } from './events.js';
import { postgresCartStore } from './postgres-cart-store.js';
import { cartCopyIn } from './redis/cart-copy.js';
import { followOrders } from './redis/ordered-carts.js';
import { durableRedis } from './redis/durability.js';
import { redisCartStore } from './redis/redis-cart-store.js';
import { redisNews } from './redis/redis-news.js';

/** A write is on disk when Redis answers it, and a slow disk is no reason to refuse carts. */
const REDIS_DEADLINE_MS = 1_000;

/** Where carts live, how their news travels, and who takes out what was ordered. Disposing frees it. */
export interface CartStores extends AsyncDisposable {
  carts: CartStore;
  watch: CartWatch;
  /** Of what the catalog says; without it every process has its own. */
  cache?: Cache;
  /** What is handled in a transaction of the database. */
  subscriptions: readonly Subscription<CartServices>[];
  pollers: readonly Poller[];
}

export interface CartStoresParts {
  db: Database;
  bus: EventBus;
  logger: Logger;
  clock: Clock;
}

/** In Redis when the configuration names one, with the database as the durable copy; else in the database alone. */
export function openCartStores(config: CartConfig, parts: CartStoresParts): Promise<CartStores> {
  const { guestCartDays = 90, redisUrl, redisDurability = 'required' } = config;
  return redisUrl === undefined ? inDatabase(guestCartDays, parts) : inRedis({ guestCartDays, redisUrl, redisDurability }, parts);
}

async function inDatabase(guestCartDays: number, { db, bus, clock }: CartStoresParts): Promise<CartStores> {
  const watch = await cartWatchOf(busNews(bus, clock));
  return {
    carts: postgresCartStore(db, { guestCartDays }),
    watch,
    subscriptions: handlers,
    pollers: [],
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}

type RedisSettings = Required<Pick<CartConfig, 'guestCartDays' | 'redisUrl' | 'redisDurability'>>;

async function inRedis(settings: RedisSettings, { db, bus, logger, clock }: CartStoresParts): Promise<CartStores> {
  await using opening = new AsyncDisposableStack();
  const anyRedis = opening.use(await openRedis({ url: settings.redisUrl, logger, deadlineMs: REDIS_DEADLINE_MS }));
  const redis = await durableRedis(anyRedis, settings.redisDurability, logger);
  const carts = opening.use(redisCartStore({ redis, copy: cartCopyIn(db), guestCartDays: settings.guestCartDays, logger }));
  const cache = opening.use(redisCache(anyRedis, { prefix: 'cart:variants', logger }));
  const watch = opening.use(await cartWatchOf(redisNews(anyRedis, logger)));
  opening.use(followOrders({ carts, watch, db, bus, clock }));
  const opened = opening.move();
  return { carts, watch, cache, subscriptions: [], pollers: [carts.copying], [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
