import { expect, test } from 'vitest';
import { manualClock } from '@shop/platform/clock';
import { createLogger } from '@shop/platform/logger';
import { inProcessRateLimiter } from '@shop/platform/rate-limit';
import { mergedHeaders, partnerBudget } from './partner-budget.js';
import type { Partner } from './partner-directory.js';

const partner: Partner = {
  clientId: 'c1',
  name: 'P',
  scopes: [],
  manifest: 'p',
  mode: 'ID_ONLY',
  requestsPerMinute: 2,
  costPerMinute: 100,
};
const quiet = createLogger('test', 'silent');

test('requests and points are two budgets, and both are told', async () => {
  const budget = partnerBudget(inProcessRateLimiter(manualClock(new Date('2026-03-01'))), quiet);
  const [request, cost] = [await budget.request(partner), await budget.cost(partner, 40)];
  expect(request.kind === 'ok' && cost.kind === 'ok' && mergedHeaders(request.headers, cost.headers)).toEqual({
    'ratelimit-policy': '"requests";q=2;w=60, "cost";q=100;w=60',
    ratelimit: '"requests";r=1;t=30, "cost";r=60;t=24',
  });
});

test('what is over is refused with 429, and when to come again', async () => {
  const clock = manualClock(new Date('2026-03-01'));
  const budget = partnerBudget(inProcessRateLimiter(clock), quiet);
  await budget.cost(partner, 90);
  expect(await budget.cost(partner, 40)).toMatchObject({
    kind: 'refused',
    error: {
      extensions: {
        code: 'RATE_LIMITED',
        retryAfterSeconds: 18,
        http: {
          status: 429,
          headers: new Map([
            ['retry-after', '18'],
            ['ratelimit-policy', '"cost";q=100;w=60'],
            ['ratelimit', '"cost";r=10;t=54'],
          ]),
        },
      },
    },
  });
  clock.advance(18_000);
  expect((await budget.cost(partner, 40)).kind).toBe('ok');
});

test('nobody is refused because the count is away', async () => {
  const away = partnerBudget({ take: () => Promise.reject(new Error('away')) }, quiet);
  expect(await away.request(partner)).toEqual({ kind: 'ok', headers: {} });
});
