import { LRUCache } from 'lru-cache';
import type { ZodType } from 'zod';

/** A cache that may forget at any time. Values are never the source of truth: what is decided is read from a store. */
export interface Cache {
  /**
   * The cached value, or what `load` gives; concurrent callers of one key share one `load`. A failed load is not cached. What a cache
   * outside of this process holds is read by `schema`, so a value has to survive JSON.
   */
  fetch<T extends object>(key: string, ttlMs: number, load: () => Promise<T>, schema: ZodType<T>): Promise<T>;
  /** Forgets every key that starts with `prefix`, which is empty, a whole key or a part of one that ends with a colon. */
  invalidate(prefix: string): Promise<void>;
}

/** A cache that hands out the very objects that were loaded. */
export interface LocalCache extends Cache {
  fetch<T extends object>(key: string, ttlMs: number, load: () => Promise<T>, schema?: ZodType<T>): Promise<T>;
}

/** In this process only. Lifetimes vary by 10 % so that keys made together do not expire together. */
export function inProcessCache(maxEntries: number): LocalCache {
  const values = new LRUCache<string, object>({ max: maxEntries });
  const loading = new Map<string, Promise<object>>();
  const start = (key: string, ttlMs: number, load: () => Promise<object>): Promise<object> => {
    // A load that was invalidated while it ran is not `running` of its key any more, so what it brings is too old to keep.
    const isCurrent = () => loading.get(key) === running;
    const running: Promise<object> = Promise.resolve()
      .then(load)
      .then((value) => {
        if (isCurrent()) values.set(key, value, { ttl: spreadMs(ttlMs) });
        return value;
      })
      .finally(() => {
        if (isCurrent()) loading.delete(key);
      });
    loading.set(key, running);
    return running;
  };
  return {
    fetch: async <T extends object>(key: string, ttlMs: number, load: () => Promise<T>) => {
      const known = values.get(key);
      if (known) return known as T;
      return (await (loading.get(key) ?? start(key, ttlMs, load))) as T;
    },
    invalidate: async (prefix) => {
      for (const key of values.keys()) if (key.startsWith(prefix)) values.delete(key);
      for (const key of loading.keys()) if (key.startsWith(prefix)) loading.delete(key);
    },
  };
}

/** A lifetime that varies by 10 %. */
export function spreadMs(ttlMs: number): number {
  return ttlMs * (0.9 + Math.random() * 0.2);
}
