import { describe, expect, it } from 'vitest';
import { rateLimitContract } from '../tests/rate-limit.contract.js';
import { manualClock } from './clock.js';
import { inProcessRateLimiter, spend } from './rate-limit.js';

const minute = 60_000;
const start = Date.UTC(2026, 0, 1);

function spendAll(times: readonly number[], rate: { limit: number; perMs: number }) {
  let usedUntilMs = 0;
  return times.map((nowMs) => {
    const outcome = spend(usedUntilMs, nowMs, rate);
    if (outcome.kind === 'limited') return outcome.retryAfterSeconds;
    ({ usedUntilMs } = outcome);
    return 'ok';
  });
}

describe('the budget of a key', () => {
  it.each([1, 3, 7, 60, 1_000])('lets %i through at once and no more', (limit) => {
    const all = spendAll(
      Array.from({ length: limit + 1 }, () => start),
      { limit, perMs: minute },
    );
    expect(all.slice(0, limit).every((outcome) => outcome === 'ok')).toBe(true);
    expect(all[limit]).toBe(Math.max(1, Math.ceil(60 / limit - 1e-9)));
  });

  it('comes back evenly, and waiting as long as told is enough', () => {
    const rate = { limit: 4, perMs: minute };
    const at = (seconds: number) => start + seconds * 1000;
    expect(spendAll([0, 0, 0, 0, 0, 14, 15, 15, 30].map(at), rate)).toEqual(['ok', 'ok', 'ok', 'ok', 15, 1, 'ok', 15, 'ok']);
  });

  it('is whole again after the time has passed, and never more than whole', () => {
    const rate = { limit: 2, perMs: minute };
    const times = [start, start, start + 10 * minute, start + 10 * minute, start + 10 * minute];
    expect(spendAll(times, rate)).toEqual(['ok', 'ok', 'ok', 'ok', 30]);
  });

  it('is not spent by what was refused', () => {
    const times = Array.from({ length: 50 }, () => start);
    expect(spendAll([start, ...times, start + minute], { limit: 1, perMs: minute }).at(-1)).toBe('ok');
  });

  it('is not gained by a clock that goes back', () => {
    expect(spendAll([start, start - minute], { limit: 1, perMs: minute })).toEqual(['ok', 120]);
  });
});

describe('the limiter of one process', () => {
  it('counts keys apart, and forgets the longest idle one when there are too many', async () => {
    const clock = manualClock(new Date(start));
    const limiter = inProcessRateLimiter(clock, 2);
    const take = async (key: string) => (await limiter.take(key, { limit: 1, perMs: minute })).kind;
    expect([await take('a'), await take('a'), await take('b'), await take('b')]).toEqual(['ok', 'limited', 'ok', 'limited']);
    expect([await take('c'), await take('a')]).toEqual(['ok', 'ok']);
    clock.advance(minute);
    expect(await take('a')).toBe('ok');
  });

  rateLimitContract((clock) => inProcessRateLimiter(clock));
});
