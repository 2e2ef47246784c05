import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.js';
import type { Logger } from './logger.js';

/** So many in so long: `limit` may be taken at once, after that one every `perMs` / `limit` milliseconds. */
export interface Rate {
  limit: number;
  perMs: number;
}

/** With what is left at this moment: so many may still be taken at once, and after `resetSeconds` the whole budget again. */
export type Taken =
  | { kind: 'ok'; remaining: number; resetSeconds: number }
  | { kind: 'limited'; retryAfterSeconds: number; remaining: number; resetSeconds: number };

/** Counts what each key takes. May forget a key that has not taken for long, so it protects against floods and decides nothing else. */
export interface RateLimiter {
  /**
   * Takes `cost` of the key's budget, 1 when left out, or tells how many whole seconds to wait. What is refused costs nothing. A cost
   * above the limit counts as the whole limit. Atomic. Rejects when a shared store cannot be reached.
   */
  take(key: string, rate: Rate, cost?: number): Promise<Taken>;
}

/** In this process only: behind several processes each key has its budget once in each. At most `maxKeys` keys; the longest idle goes first. */
export function inProcessRateLimiter(clock: Clock, maxKeys = 20_000): RateLimiter {
  const spent = new LRUCache<string, { usedUntilMs: number }>({ max: maxKeys });
  return {
    take: async (key, rate, cost = 1) => {
      const nowMs = clock.now().getTime();
      const outcome = spend(spent.get(key)?.usedUntilMs ?? 0, nowMs, rate, cost);
      if (outcome.kind === 'ok') spent.set(key, { usedUntilMs: outcome.usedUntilMs });
      return takenOf(outcome, nowMs, rate);
    },
  };
}

/**
 * Asks `alone` whenever `shared` cannot be reached: everybody is let in who would be by the count of this process alone. For what may stay
 * open in an outage, such as browsing. What must not, such as a login, uses `shared` itself and takes its rejection for a no.
 */
export function countingAloneWhenAway(shared: RateLimiter, alone: RateLimiter, logger: Logger): RateLimiter {
  let isAway = false;
  return {
    take: async (key, rate, cost) => {
      try {
        const taken = await shared.take(key, rate, cost);
        isAway = false;
        return taken;
      } catch (err) {
        if (!isAway) logger.warn({ err, reason: 'rate-limit' }, 'the shared limiter is away; this process counts alone');
        isAway = true;
        return alone.take(key, rate, cost);
      }
    },
  };
}

export type Spending = { kind: 'ok'; usedUntilMs: number } | { kind: 'limited'; usedUntilMs: number; retryAfterSeconds: number };

/**
 * The generic cell rate algorithm. `usedUntilMs` is the instant, in milliseconds since 1970, at which everything taken so far would have
 * been spread out evenly; it may lie ahead of now by no more than `perMs`.
 */
export function spend(usedUntilMs: number, nowMs: number, { limit, perMs }: Rate, cost = 1): Spending {
  const used = Math.max(usedUntilMs, nowMs);
  const next = used + (Math.min(cost, limit) * perMs) / limit;
  const tooEarlyByMs = next - nowMs - perMs;
  // Rounding adds up where the limit does not divide the time.
  if (tooEarlyByMs > 1) return { kind: 'limited', usedUntilMs: used, retryAfterSeconds: Math.max(1, Math.ceil(tooEarlyByMs / 1000)) };
  return { kind: 'ok', usedUntilMs: next };
}

/** What a client may be told of its budget: `usedUntilMs` is what was stored, and stays so when nothing was taken. */
export function takenOf(spending: Spending, nowMs: number, { limit, perMs }: Rate): Taken {
  const aheadMs = Math.max(0, spending.usedUntilMs - nowMs);
  const remaining = Math.max(0, Math.floor(((perMs - aheadMs) * limit) / perMs + 1e-6));
  const left = { remaining, resetSeconds: Math.ceil(aheadMs / 1000) };
  return spending.kind === 'ok' ? { kind: 'ok', ...left } : { kind: 'limited', retryAfterSeconds: spending.retryAfterSeconds, ...left };
}
