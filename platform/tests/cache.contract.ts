import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Cache } from '../src/cache.js';

const MINUTE_MS = 60_000;
const counted = z.object({ n: z.number() });

/** What every cache promises. `cacheOf` gives an empty one. */
export function cacheContract(cacheOf: () => Cache): void {
  const counting = () => {
    let n = 0;
    return async () => ({ n: ++n });
  };

  it('loads once for all who ask at the same time, and not again', async () => {
    const [cache, load] = [cacheOf(), counting()];
    const asked = await Promise.all(Array.from({ length: 20 }, () => cache.fetch('a', MINUTE_MS, load, counted)));
    expect(asked).toEqual(Array.from({ length: 20 }, () => ({ n: 1 })));
    expect(await cache.fetch('a', MINUTE_MS, load, counted)).toEqual({ n: 1 });
  });

  it('keeps keys apart', async () => {
    const cache = cacheOf();
    for (const [at, key] of ['a', 'ab', 'a:b', 'A', 'ä', ' '].entries()) {
      expect(await cache.fetch(key, MINUTE_MS, async () => ({ n: at }), counted)).toEqual({ n: at });
    }
    expect(await cache.fetch('a:b', MINUTE_MS, async () => ({ n: -1 }), counted)).toEqual({ n: 2 });
  });

  it('does not keep a failure', async () => {
    const cache = cacheOf();
    await expect(cache.fetch('a', MINUTE_MS, () => Promise.reject(new Error('away')), counted)).rejects.toThrow('away');
    expect(await cache.fetch('a', MINUTE_MS, async () => ({ n: 1 }), counted)).toEqual({ n: 1 });
  });

  it('forgets what is invalidated: one key, all that begin with it up to a colon, or everything', async () => {
    const cache = cacheOf();
    const keys = ['stock:1:a', 'stock:1:b', 'stock:2:a', 'price:1:a'];
    const all = (n: number) => Promise.all(keys.map(async (key) => (await cache.fetch(key, MINUTE_MS, async () => ({ n }), counted)).n));
    expect(await all(1)).toEqual([1, 1, 1, 1]);
    await cache.invalidate('stock:1:a');
    expect(await all(2)).toEqual([2, 1, 1, 1]);
    await cache.invalidate('stock:1:');
    expect(await all(3)).toEqual([3, 3, 1, 1]);
    await cache.invalidate('stock:');
    expect(await all(4)).toEqual([4, 4, 4, 1]);
    await cache.invalidate('');
    expect(await all(5)).toEqual([5, 5, 5, 5]);
  });

  it('keeps nothing that began to load before an invalidation, whichever load ends last', async () => {
    const cache = cacheOf();
    const price = z.object({ price: z.string() });
    const [old, fresh] = [Promise.withResolvers<{ price: string }>(), Promise.withResolvers<{ price: string }>()];
    const began = Promise.withResolvers<void>();
    const first = cache.fetch('a', MINUTE_MS, () => (began.resolve(), old.promise), price);
    await began.promise;
    await cache.invalidate('a');
    const second = cache.fetch('a', MINUTE_MS, () => fresh.promise, price);
    old.resolve({ price: 'old' });
    expect(await first).toEqual({ price: 'old' });
    fresh.resolve({ price: 'fresh' });
    expect(await second).toEqual({ price: 'fresh' });
    expect(await cache.fetch('a', MINUTE_MS, async () => ({ price: 'unasked' }), price)).toEqual({ price: 'fresh' });
  });
}
