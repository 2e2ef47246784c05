import { GraphQLError } from 'graphql';
import type { Logger } from '@shop/platform/logger';
import type { Rate, RateLimiter, Taken } from '@shop/platform/rate-limit';
import type { Partner } from './partner-directory.js';

/** `headers` tell the partner what is left. */
export type Charged = { kind: 'ok'; headers: Readonly<Record<string, string>> } | { kind: 'refused'; error: GraphQLError };

/** What a partner may ask in a minute. */
export interface PartnerBudget {
  /** Before anything is looked at: every request counts, also one that is refused. */
  request(partner: Partner): Promise<Charged>;
  /** For an operation that is about to run. */
  cost(partner: Partner, points: number): Promise<Charged>;
}

const MINUTE_MS = 60_000;

interface Quota {
  name: 'requests' | 'cost';
  limit: number;
}

/** By the generic cell rate algorithm. Where the limiter cannot be reached everything is let through: it protects, and is not a right. */
export function partnerBudget(limiter: RateLimiter, logger: Logger): PartnerBudget {
  const charge = async (partner: Partner, quota: Quota, points: number): Promise<Charged> => {
    const rate: Rate = { limit: quota.limit, perMs: MINUTE_MS };
    const taken = await limiter.take(`partner/${partner.clientId}/${quota.name}`, rate, points).catch((err: unknown) => {
      logger.warn({ err, clientId: partner.clientId }, 'a partner is not counted');
      return null;
    });
    if (!taken) return { kind: 'ok', headers: {} };
    const headers = headersOf(quota, taken);
    return taken.kind === 'ok' ? { kind: 'ok', headers } : { kind: 'refused', error: rateLimited(quota, taken.retryAfterSeconds, headers) };
  };
  return {
    request: (partner) => charge(partner, { name: 'requests', limit: partner.requestsPerMinute }, 1),
    cost: (partner, points) => charge(partner, { name: 'cost', limit: partner.costPerMinute }, Math.max(1, points)),
  };
}

/** Each field is a list: those of both quotas go into one. */
export function mergedHeaders(...all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const merged = new Map<string, string>();
  for (const [name, value] of all.flatMap((headers) => Object.entries(headers)))
    merged.set(name, merged.has(name) ? `${merged.get(name)}, ${value}` : value);
  return Object.fromEntries(merged);
}

/** RateLimit header fields for HTTP (draft-ietf-httpapi-ratelimit-headers). */
function headersOf({ name, limit }: Quota, { remaining, resetSeconds }: Taken): Record<string, string> {
  return {
    'ratelimit-policy': `"${name}";q=${limit};w=${MINUTE_MS / 1000}`,
    ratelimit: `"${name}";r=${remaining};t=${resetSeconds}`,
  };
}

function rateLimited({ name }: Quota, retryAfterSeconds: number, headers: Readonly<Record<string, string>>): GraphQLError {
  const what = name === 'requests' ? 'requests' : 'points of cost';
  return new GraphQLError(`Your ${what} of this minute are used up; try again in ${retryAfterSeconds} seconds.`, {
    extensions: {
      code: 'RATE_LIMITED',
      retryAfterSeconds,
      http: { status: 429, headers: new Map([['retry-after', String(retryAfterSeconds)], ...Object.entries(headers)]) },
    },
  });
}
