import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { manualClock, type Clock } from '../src/clock.js';
import { spend, type RateLimiter } from '../src/rate-limit.js';

const minute = 60_000;
const start = Date.UTC(2026, 0, 1);

/** What every rate limiter promises. `limiterOf` gives one on `clock`; it may have counted other keys. */
export function rateLimitContract(limiterOf: (clock: Clock) => RateLimiter): void {
  const clock = () => manualClock(new Date(start));

  it('counts keys apart, and gives back what time has earned', async () => {
    const [now, a, b] = [clock(), randomUUID(), randomUUID()];
    const limiter = limiterOf(now);
    const take = async (key: string) => (await limiter.take(key, { limit: 1, perMs: minute })).kind;
    expect([await take(a), await take(a), await take(b), await take(b)]).toEqual(['ok', 'limited', 'ok', 'limited']);
    now.advance(minute);
    expect(await take(a)).toBe('ok');
  });

  it('takes several at once, and tells what is left', async () => {
    const [now, key] = [clock(), randomUUID()];
    const limiter = limiterOf(now);
    const take = (cost: number) => limiter.take(key, { limit: 600, perMs: minute }, cost);
    expect(await take(400)).toEqual({ kind: 'ok', remaining: 200, resetSeconds: 40 });
    expect(await take(300)).toEqual({ kind: 'limited', retryAfterSeconds: 10, remaining: 200, resetSeconds: 40 });
    now.advance(10_000);
    expect(await take(300)).toEqual({ kind: 'ok', remaining: 0, resetSeconds: 60 });
  });

  it('lets what costs more than the whole budget through once the budget is whole', async () => {
    const [now, key] = [clock(), randomUUID()];
    const limiter = limiterOf(now);
    const take = () => limiter.take(key, { limit: 10, perMs: minute }, 25);
    expect([(await take()).kind, (await take()).kind]).toEqual(['ok', 'limited']);
    now.advance(minute);
    expect((await take()).kind).toBe('ok');
  });

  it('lets as many through as there is budget, of any number at once', async () => {
    const [limiter, key] = [limiterOf(clock()), randomUUID()];
    const taken = await Promise.all(Array.from({ length: 50 }, () => limiter.take(key, { limit: 7, perMs: minute })));
    expect(taken.filter(({ kind }) => kind === 'ok')).toHaveLength(7);
  });

  describe('decides as the rule does', () => {
    it.each([1, 3, 7, 60, 1_000])('for a limit of %i', async (limit) => {
      const [now, key, rate] = [clock(), randomUUID(), { limit, perMs: minute }];
      const limiter = limiterOf(now);
      let usedUntilMs = 0;
      for (const waitMs of [0, 0, 0, 1, 999, 15_000, 0, 30_000, 60_000, 0, 7_777]) {
        now.advance(waitMs);
        const [cost, expected] = [1 + (waitMs % 3), spend(usedUntilMs, now.now().getTime(), rate, 1 + (waitMs % 3))];
        const taken = await limiter.take(key, rate, cost);
        expect(taken.kind).toBe(expected.kind);
        if (taken.kind === 'limited' && expected.kind === 'limited') expect(taken.retryAfterSeconds).toBe(expected.retryAfterSeconds);
        if (expected.kind === 'ok') ({ usedUntilMs } = expected);
      }
    });
  });
}
