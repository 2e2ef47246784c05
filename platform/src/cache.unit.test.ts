import { describe, expect, it } from 'vitest';
import { inProcessCache } from './cache.js';

const MINUTE_MS = 60_000;

describe('a cache in this process', () => {
  it('loads once for all who ask at the same time, and not again', async () => {
    const cache = inProcessCache(10);
    let loads = 0;
    const load = async () => ({ n: ++loads });
    expect(await Promise.all([cache.fetch('a', MINUTE_MS, load), cache.fetch('a', MINUTE_MS, load)])).toEqual([{ n: 1 }, { n: 1 }]);
    expect(await cache.fetch('a', MINUTE_MS, load)).toEqual({ n: 1 });
    await cache.invalidate('a');
    expect(await cache.fetch('a', MINUTE_MS, load)).toEqual({ n: 2 });
  });

  it('does not keep a failure', async () => {
    const cache = inProcessCache(10);
    await expect(cache.fetch('a', MINUTE_MS, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await cache.fetch('a', MINUTE_MS, async () => ({ n: 1 }))).toEqual({ n: 1 });
  });

  it('keeps nothing that began to load before an invalidation, whichever load ends last', async () => {
    const cache = inProcessCache(10);
    const [old, fresh] = [Promise.withResolvers<object>(), Promise.withResolvers<object>()];
    const first = cache.fetch('a', MINUTE_MS, () => old.promise);
    await cache.invalidate('a');
    const second = cache.fetch('a', MINUTE_MS, () => fresh.promise);
    old.resolve({ price: 'old' });
    expect(await first).toEqual({ price: 'old' });
    fresh.resolve({ price: 'fresh' });
    expect(await second).toEqual({ price: 'fresh' });
    expect(await cache.fetch('a', MINUTE_MS, async () => ({ price: 'unasked' }))).toEqual({ price: 'fresh' });
  });
});
