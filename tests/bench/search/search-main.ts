// A process of `npm run bench -- search`: search over one engine, filled, asked and measured.
import 'reflect-metadata';
import { once } from 'node:events';
import { startSearch } from '@shop/search';
import { inProcessBus } from '@shop/platform/in-process-bus';
import { createLogger } from '@shop/platform/logger';
import { httpTransport } from '@shop/platform/subgraph-transport';
import { z } from 'zod';
import { as } from '../../kit/subgraph.js';
import { until } from '../../kit/until.js';
import { percentile } from '../percentile.js';
import { questionsOf, type Kind } from './questions.js';
import { searchTask, type EngineFigures } from './search-task.js';

const [message] = await once(process, 'message');
const task = searchTask.parse(message);
const logger = createLogger('search', 'warn');
const begun = performance.now();
const subgraph = await startSearch(
  {
    envelopeSecrets: [task.secret],
    pageTimeoutMs: 60_000,
    ...(task.elasticsearchUrl !== null && { elasticsearchUrl: task.elasticsearchUrl }),
  },
  {
    bus: inProcessBus({ logger }),
    logger,
    catalog: httpTransport(task.catalogUrl, task.secret),
    inventory: httpTransport(task.inventoryUrl, task.secret),
  },
);
const ask = as(subgraph, undefined, {}, task.secret);
const counted = z.object({ searchProducts: z.object({ totalCount: z.number() }) });
const { totalCount: found } = await until(
  async () => counted.parse((await ask('{ searchProducts(first: 1) { totalCount } }')).data).searchProducts,
  { timeoutMs: 20 * 60_000, what: 'the index to be filled' },
);
const filledMs = performance.now() - begun;

const samples = new Map<Kind | 'all', number[]>();
const keep = (kind: Kind | 'all', ms: number) => {
  const known = samples.get(kind);
  if (known) known.push(ms);
  else samples.set(kind, [ms]);
};
const questions = questionsOf(task);
let failed = 0;
let asked = 0;
const askOne = async (isMeasured: boolean): Promise<void> => {
  const { kind, query, variables } = questions.next();
  const at = performance.now();
  const answer = await ask(query, variables);
  if (!isMeasured) return;
  asked += 1;
  if (answer.errors?.length) failed += 1;
  const ms = performance.now() - at;
  keep(kind, ms);
  if (kind !== 'suggestions') keep('all', ms);
};
for (let warmUp = 0; warmUp < 300; warmUp++) await askOne(false);
const measuring = performance.now();
await Promise.all(
  Array.from({ length: task.clients }, async () => {
    while (performance.now() - measuring < task.seconds * 1_000) await askOne(true);
  }),
);
const elapsedMs = performance.now() - measuring;
const latencies = Object.fromEntries(
  Array.from(samples, ([kind, all]) => [kind, { p50: percentile(all, 0.5), p95: percentile(all, 0.95) }]),
);
const residentMb = process.memoryUsage().rss / 1_048_576;
const figures: EngineFigures = { filledMs, found, failed, residentMb, latencies, perSecond: (asked * 1_000) / elapsedMs };
process.send?.(figures);
