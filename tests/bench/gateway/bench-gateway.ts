import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { freePort } from '@shop/standalone/free-port';
import { composedSupergraph } from './bench-supergraph.js';
import { startChild } from './child.js';
import { startHive, startOurs, startStock, type Contender } from './contenders.js';
import { askOnce, startClients, type Clients, type Measured } from './measure.js';
import { profileOurs } from './profile.js';
import { printScores, scoreOf } from './report.js';
import { scenarios, type Scenario } from './scenarios.js';

export interface GatewayBench {
  /** For each gateway in each scenario, over all turns. */
  seconds: number;
  clients: number;
  /** Instead of comparing: where our time goes. */
  isProfile?: boolean;
}

const TURNS = 3;
/** V8 takes 8 to 20 s of load to optimize our code, which takes twice the time before; all get the same. */
const WARM_UP_SECONDS = 12;

/**
 * Ours, stock Apollo Gateway and Hive Gateway, each a process of its own, in turns in one run, before the same cheap subgraphs over real
 * HTTP. Prints requests per second, latencies, memory, subgraph calls and ratios; false when a gateway answered wrongly or not at all.
 */
export async function benchGateway({ seconds, clients, isProfile = false }: GatewayBench): Promise<boolean> {
  await using started = new AsyncDisposableStack();
  const folder = started.adopt(await mkdtemp(join(tmpdir(), 'bench-')), (path) => rm(path, { recursive: true }));
  const main = fileURLToPath(new URL('subgraphs-main.js', import.meta.url));
  const subgraphs = started.use(await startChild({ program: process.execPath, args: [main], ready: /ready (.+)\n/ }));
  const urls = new Map(
    (subgraphs.said[1] ?? '').split(' ').map((each): [string, string] => [each.split('=')[0] ?? '', each.split('=')[1] ?? '']),
  );
  const file = join(folder, 'supergraph.graphql');
  await writeFile(file, composedSupergraph(urls));
  const load = started.use(startClients());
  if (isProfile) {
    for (const { name } of scenarios) await profileOurs(file, load, { scenario: name, connections: clients, seconds });
    return true;
  }
  const contenders: Contender[] = [started.use(await startOurs(file)), started.use(await startStock(file))];
  const hive = await startHive(file, await freePort());
  if (hive) contenders.push(started.use(hive));
  const [counter = ''] = urls.values();
  let isSound = true;
  for (const scenario of scenarios) isSound = (await benchScenario(scenario, contenders, { seconds, clients, counter, load })) && isSound;
  return isSound;
}

async function benchScenario(
  scenario: Scenario,
  contenders: readonly Contender[],
  { seconds, clients, counter, load }: Omit<GatewayBench, 'isProfile'> & { counter: string; load: Clients },
): Promise<boolean> {
  if (!(await doAgree(scenario, contenders))) return false;
  const measure = (url: string, forSeconds: number) =>
    load.measure({ scenario: scenario.name, url, connections: clients, seconds: forSeconds });
  const turns = new Map<Contender, Measured[]>(contenders.map((contender) => [contender, []]));
  const calls = new Map<Contender, number>();
  const processorMs = new Map<Contender, number>();
  for (const { url } of contenders) await measure(url, WARM_UP_SECONDS);
  for (let turn = 0; turn < TURNS; turn++)
    for (const [contender, measured] of turns) {
      await callsSince(counter);
      const before = contender.processorMs();
      measured.push(await measure(contender.url, Math.max(1, seconds / TURNS)));
      processorMs.set(contender, (processorMs.get(contender) ?? 0) + contender.processorMs() - before);
      calls.set(contender, (calls.get(contender) ?? 0) + (await callsSince(counter)));
    }
  const scores = [...turns].map(([contender, measured]) => {
    const requests = measured.reduce((sum, { latencies }) => sum + latencies.length, 0);
    const perRequest = (counted: ReadonlyMap<Contender, number>) => (counted.get(contender) ?? 0) / Math.max(1, requests);
    return scoreOf(contender.name, measured, {
      memoryMb: contender.memoryMb(),
      processorMs: perRequest(processorMs),
      callsPerRequest: perRequest(calls),
    });
  });
  printScores(scenario.name, scores);
  return scores.every(({ failed, perSecond }) => failed === 0 && perSecond > 0);
}

/** Whether all answer the same, and no errors. */
async function doAgree(scenario: Scenario, contenders: readonly Contender[]): Promise<boolean> {
  const answers = await Promise.all(contenders.map(async ({ name, url }) => ({ name, text: await askOnce(scenario, url, 1) })));
  const [first] = answers;
  const wrong = answers.filter(
    ({ text }) => text.includes('"errors"') || !isDeepStrictEqual(JSON.parse(text), JSON.parse(first?.text ?? '')),
  );
  for (const { name, text } of wrong) console.error(`${scenario.name}: ${name} answers ${text.slice(0, 500)}`);
  return wrong.length === 0;
}

async function callsSince(counter: string): Promise<number> {
  return Number(await (await fetch(counter)).text());
}
