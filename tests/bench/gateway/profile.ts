import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { startOurs } from './contenders.js';
import type { Clients, Load } from './measure.js';

const profileSchema = z.object({
  nodes: z.array(z.object({ id: z.number(), callFrame: z.object({ functionName: z.string(), url: z.string() }) })),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

/** Loading the supergraph and planning come first, and only once. */
const WARM_UP_SECONDS = 4;

/** Where the processor time of our gateway goes in a scenario, in percent of what it is busy. */
export async function profileOurs(supergraphFile: string, clients: Clients, asked: Omit<Load, 'url'>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'profile-'));
  const gateway = await startOurs(supergraphFile, ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  const load = { ...asked, url: gateway.url };
  const begun = performance.now();
  await clients.measure({ ...load, seconds: WARM_UP_SECONDS });
  const warmMs = performance.now() - begun;
  const { perSecond } = await clients.measure(load);
  await gateway.stop();
  const shares = sharesOf(folder, warmMs + 1_000);
  await rm(folder, { recursive: true });
  console.log(`\nwhere our time goes, ${asked.scenario} (${perSecond.toFixed(0)} requests/s while profiled)`);
  for (const [part, share] of shares) console.log(`  ${(share * 100).toFixed(1).padStart(5)} %  ${part}`);
}

function sharesOf(folder: string, fromMs: number): [string, number][] {
  const times = new Map<string, number>();
  for (const file of readdirSync(folder))
    addTimes(times, profileSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))), fromMs);
  const busy = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times].map(([part, time]): [string, number] => [part, time / busy]).toSorted(([, a], [, b]) => b - a);
}

function addTimes(times: Map<string, number>, { nodes, samples, timeDeltas }: z.infer<typeof profileSchema>, fromMs: number): void {
  const parts = new Map(nodes.map(({ id, callFrame }) => [id, partOf(callFrame)]));
  let atMicros = 0;
  samples.forEach((id, i) => {
    const micros = timeDeltas[i] ?? 0;
    atMicros += micros;
    const part = parts.get(id) ?? null;
    if (part && atMicros > fromMs * 1000) times.set(part, (times.get(part) ?? 0) + micros);
  });
}

const parts: readonly [string, RegExp][] = [
  ['writing to sockets, in the kernel', /^(writeUtf8String|writeLatin1String|writeBuffer|writev) /],
  ['garbage collection', /^\(garbage collector\)/],
  ['JSON of subgraphs, parsed', /graphql-answer\.js/],
  ['texts of subgraphs, put together', /gateway\/dist\/engine\/splice\/|^RegExp: \\\{/],
  ['JSON for clients, written', /^(resultAnswer|resultText|resultWriter|write) .*gateway\/dist/],
  ['engine: plans, fetches, merging, projection', /gateway\/dist\/engine\/(?!shared-fetches|entity-batches)/],
  [
    'guards of calls: sharing, breaker, room, deadline',
    /(shared-fetches|entity-batches|resilient-fetcher|guarded-fetchers|lifecycle|cockatiel)/,
  ],
  ['HTTP to subgraphs', /(http-pool|http-response-reader|plain-subgraph)/],
  ['door: request, checks, answer', /gateway\/dist/],
  ['graphql-js: variables', /node_modules\/graphql\//],
  ['Node: HTTP, sockets, timers, promises', /node:|^\(program\)|^run|^process/],
];

function partOf({ functionName, url }: { functionName: string; url: string }): string | null {
  if (functionName === '(idle)') return null;
  return parts.find(([, pattern]) => pattern.test(`${functionName} ${url}`))?.[0] ?? 'the rest';
}
