import { z } from 'zod';
import type { Clock } from './clock.js';
import { takenOf, type RateLimiter } from './rate-limit.js';
import { script, type Redis } from './redis.js';

export interface RedisRateLimitOptions {
  /** Begins every key, so that limiters of one server do not meet: `gateway`. */
  prefix: string;
  /** For tests. Else the server's own time counts, which is one for all processes. */
  clock?: Clock;
}

/**
 * One budget for all processes: the generic cell rate algorithm (`spend` in rate-limit.ts) as one script. Rejects with RedisUnavailable
 * while Redis is away; whether that means yes or no is the caller's to say, see `countingAloneWhenAway`.
 */
export function redisRateLimiter(redis: Redis, { prefix, clock }: RedisRateLimitOptions): RateLimiter {
  return {
    take: async (key, rate, cost = 1) => {
      const answer = await redis.evaluate(
        spendScript,
        [`${prefix}:rate:${key}`],
        [String(rate.limit), String(rate.perMs), String(cost), clock ? String(clock.now().getTime()) : ''],
      );
      const [kind, usedUntilMs, nowMs, tooEarlyByMs] = spent.parse(answer);
      if (kind === 'ok') return takenOf({ kind, usedUntilMs }, nowMs, rate);
      return takenOf({ kind, usedUntilMs, retryAfterSeconds: Math.max(1, Math.ceil(tooEarlyByMs / 1000)) }, nowMs, rate);
    },
  };
}

const spent = z.tuple([z.enum(['ok', 'limited']), z.coerce.number(), z.coerce.number(), z.coerce.number()]);

/** Numbers leave as text: what Lua returns as a number loses its fraction. */
const spendScript = script(`
local limit, perMs = tonumber(ARGV[1]), tonumber(ARGV[2])
local cost = math.min(tonumber(ARGV[3]), limit)
local now = tonumber(ARGV[4])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local used = tonumber(redis.call('GET', KEYS[1]) or 0)
local next = math.max(used, now) + perMs / limit * cost
local tooEarly = next - now - perMs
local text = function(n) return string.format('%.3f', n) end
if tooEarly > 1 then return {'limited', text(used), text(now), text(tooEarly)} end
redis.call('SET', KEYS[1], text(next), 'PX', math.max(1, math.ceil(next - now)))
return {'ok', text(next), text(now), '0'}
`);
