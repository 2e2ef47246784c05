import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServers } from '@shop/deploy/servers/start-servers';
import { z } from 'zod';
import { startLargeShop } from './large-shop.js';
import { engineFigures, type EngineFigures, type SearchTask } from './search-task.js';

export interface SearchBench {
  products: number;
  /** How long each engine is asked. */
  seconds: number;
  /** Requests at the same time. */
  clients: number;
}

const READY_WITHIN_MS = 30 * 60_000;

/**
 * Fills each engine with the products of one catalog by the path that search itself takes, in a process of its own, and asks both the same
 * questions with facets. Prints index time, latencies and memory side by side. Needs `npm run servers -- install elasticsearch`.
 */
export async function benchSearch({ products, seconds, clients }: SearchBench): Promise<boolean> {
  await using stack = new AsyncDisposableStack();
  const [shopFolder, serversFolder] = ['catalog', 'servers'].map((name) => {
    const folder = mkdtempSync(join(tmpdir(), `shop-bench-search-${name}-`));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  });
  if (shopFolder === undefined || serversFolder === undefined) throw new Error('Two folders were made.');
  console.log(`${products.toLocaleString('en')} products; ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`);
  const shop = stack.use(await startLargeShop(shopFolder, products));
  console.log(`catalog and inventory are filled (${shop.variants.toLocaleString('en')} SKUs)`);

  const task = { ...shop.addresses, words: shop.words, brands: shop.brands, categories: shop.categories, seconds, clients };
  const memory = await runTask({ ...task, elasticsearchUrl: null });
  console.log(
    `MiniSearch is filled in ${(memory.filledMs / 1_000).toFixed(1)} s, p95 ${memory.latencies['all']?.p95.toFixed(1) ?? '?'} ms`,
  );
  const servers = stack.use(await startServers(['elasticsearch'], serversFolder));
  const elastic = await runTask({ ...task, elasticsearchUrl: servers.urls.elasticsearch });
  const engineMb = await residentMbOf(servers.urls.elasticsearch);
  print(memory, elastic, engineMb);
  return [memory, elastic].every(({ failed, found }) => failed === 0 && found === shop.published);
}

async function runTask(task: SearchTask): Promise<EngineFigures> {
  const child = fork(fileURLToPath(new URL('./search-main.js', import.meta.url)), [], { execArgv: ['--enable-source-maps'] });
  try {
    child.send(task);
    const signal = AbortSignal.timeout(READY_WITHIN_MS);
    const ended = once(child, 'exit', { signal }).then(() => {
      throw new Error('The search process ended without figures.');
    });
    const [answer] = await Promise.race([once(child, 'message', { signal }), ended]);
    return engineFigures.parse(answer);
  } finally {
    child.kill('SIGKILL');
  }
}

/** Of the server's process, whose number it tells. */
async function residentMbOf(url: string): Promise<number> {
  const answer = await fetch(`${url}/_nodes/process?filter_path=nodes.*.process.id`);
  const { nodes } = z
    .object({ nodes: z.record(z.string(), z.object({ process: z.object({ id: z.number() }) })) })
    .parse(await answer.json());
  const pids = Object.values(nodes).map(({ process }) => process.id);
  return Math.max(...pids.map((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024));
}

function print(memory: EngineFigures, elastic: EngineFigures, engineMb: number): void {
  const row = (name: string, of: (figures: EngineFigures) => string) =>
    console.log(name.padEnd(34) + of(memory).padStart(16) + of(elastic).padStart(16));
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  console.log(''.padEnd(34) + 'MiniSearch'.padStart(16) + 'Elasticsearch'.padStart(16));
  row('filled from catalog and inventory', ({ filledMs }) => `${(filledMs / 1_000).toFixed(1)} s`);
  row('products found', ({ found }) => String(found));
  for (const kind of ['words', 'typos', 'filters', 'browsing', 'suggestions'] as const) {
    row(`${kind}: p50`, ({ latencies }) => ms(latencies[kind]?.p50 ?? 0));
    row(`${kind}: p95`, ({ latencies }) => ms(latencies[kind]?.p95 ?? 0));
  }
  row('all searches with facets: p95', ({ latencies }) => ms(latencies['all']?.p95 ?? 0));
  row('searches per second', ({ perSecond }) => perSecond.toFixed(0));
  row('failed', ({ failed }) => String(failed));
  row('memory of the search process', ({ residentMb }) => `${residentMb.toFixed(0)} MB`);
  console.log(`memory of Elasticsearch: ${engineMb.toFixed(0)} MB`);
}
