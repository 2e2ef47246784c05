import { inProcessBus } from '@shop/platform/in-process-bus';
import { createLogger } from '@shop/platform/logger';
import { manualClock } from '@shop/platform/clock';
import { describe, expect, it } from 'vitest';
import { busNews, cartWatchOf } from './cart-watch.js';

const start = () => cartWatchOf(busNews(inProcessBus({ logger: createLogger('test', 'silent') }), manualClock(new Date(0))));

describe('following a cart', () => {
  it('tells of a change of this cart and of no other', async () => {
    await using watch = await start();
    const stopping = new AbortController();
    const changes = watch.changes('mine', stopping.signal);
    watch.announce('other', 2);
    watch.announce('mine', 2);
    expect(await changes.next()).toEqual({ done: false, value: undefined });
    const next = changes.next();
    watch.announce('other', 3);
    stopping.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('makes one of the changes that nobody waited for', async () => {
    await using watch = await start();
    const stopping = new AbortController();
    const changes = watch.changes('mine', stopping.signal);
    for (let version = 2; version < 9; version++) watch.announce('mine', version);
    expect((await changes.next()).done).toBe(false);
    const next = changes.next();
    stopping.abort();
    expect((await next).done).toBe(true);
  });

  it('ends at once when the signal has fired before', async () => {
    await using watch = await start();
    const changes = watch.changes('mine', AbortSignal.abort());
    expect((await changes.next()).done).toBe(true);
  });
});
