import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.js';

/** So many in so long: `limit` may be taken at once, after that one every `perMs` / `limit` milliseconds. */
export interface Rate {
  limit: number;
  perMs: number;
}

export type Taken = { kind: 'ok' } | { kind: 'limited'; retryAfterSeconds: number };

/** Counts what each key takes. May forget a key that has not taken for long, so it protects against floods and decides nothing else. */
export interface RateLimiter {
  /** Takes one of the key's budget, or tells how many whole seconds to wait. What is refused costs nothing. */
  take(key: string, rate: Rate): Taken;
}

/** In this process only: behind several processes each key has its budget once in each. At most `maxKeys` keys; the longest idle goes first. */
export function inProcessRateLimiter(clock: Clock, maxKeys = 20_000): RateLimiter {
  const spent = new LRUCache<string, { usedUntilMs: number }>({ max: maxKeys });
  return {
    take: (key, rate) => {
      const outcome = spend(spent.get(key)?.usedUntilMs ?? 0, clock.now().getTime(), rate);
      if (outcome.kind === 'limited') return outcome;
      spent.set(key, { usedUntilMs: outcome.usedUntilMs });
      return { kind: 'ok' };
    },
  };
}

export type Spending = { kind: 'ok'; usedUntilMs: number } | { kind: 'limited'; retryAfterSeconds: number };

/**
 * The generic cell rate algorithm. `usedUntilMs` is the instant, in milliseconds since 1970, at which everything taken so far would have
 * been spread out evenly; it may lie ahead of now by no more than `perMs`.
 */
export function spend(usedUntilMs: number, nowMs: number, { limit, perMs }: Rate): Spending {
  const next = Math.max(usedUntilMs, nowMs) + perMs / limit;
  const tooEarlyByMs = next - nowMs - perMs;
  // Rounding adds up where the limit does not divide the time.
  if (tooEarlyByMs > 1) return { kind: 'limited', retryAfterSeconds: Math.max(1, Math.ceil(tooEarlyByMs / 1000)) };
  return { kind: 'ok', usedUntilMs: next };
}
