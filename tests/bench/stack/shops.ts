import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeStores } from '@shop/deploy/compose/compose-file';
import { startServers } from '@shop/deploy/servers/start-servers';
import { startStack } from '@shop/deploy/stack/stack';
import { wideLimits } from '@shop/deploy/stack/stack-variables';
import type { Books } from '../../kit/ledger.js';
import { providerBooks } from '../../kit/provider-books.js';
import { shopProcess } from '../../kit/shop-process.js';
import { databasesOf } from '../../kit/stack-databases.js';
import type { BuyableShop } from '../checkout/buyable-shop.js';

/** A shop with the sample data, whose books can be checked. */
export interface BenchedShop extends BuyableShop, AsyncDisposable {
  books: Books;
  /** Of all our processes together, without those of the stores. */
  cpuMs(): number;
  residentMegabytes(): number;
}

/** As `npm start` runs it: one process, PostgreSQL beside it. */
export async function shopInOneProcess(): Promise<BenchedShop> {
  const shop = await shopProcess();
  await shop.start();
  const sql: BenchedShop['sql'] = (subgraph, text, parameters) => shop.sql(subgraph, text, parameters);
  return {
    url: shop.url,
    sql,
    books: { sql, provider: providerBooks(join(shop.folder, 'card-sandbox.ndjson')) },
    ...figuresOf(() => [shop.pid()]),
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
  };
}

/** As `npm run stack` runs it: each subgraph and the gateway a process, on the real stores. */
export async function shopInProcesses(): Promise<BenchedShop> {
  await using starting = new AsyncDisposableStack();
  // The servers have a folder of their own: they run under another account.
  const stores = starting.use(await startServers(composeStores(), newFolder(starting)));
  const folder = newFolder(starting);
  const variables = { ...wideLimits, LOG_LEVEL: 'warn' };
  const stack = starting.use(await startStack({ folder, stores: stores.urls, isSeeded: true, variables }));
  const { sql } = starting.use(databasesOf(stack));
  const running = starting.move();
  return {
    url: stack.url.replace('localhost', '127.0.0.1'),
    sql,
    // Carts in Redis remember themselves what they have applied.
    books: { sql, provider: providerBooks(join(stack.folderOf('card-sandbox'), 'card-sandbox.ndjson')), withoutInbox: ['cart'] },
    ...figuresOf(() => stack.names.map((name) => stack.process(name).pid)),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function newFolder(stack: AsyncDisposableStack): string {
  const folder = mkdtempSync(join(tmpdir(), 'shop-bench-stack-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const TICKS_PER_SECOND = 100;

function figuresOf(pids: () => number[]): Pick<BenchedShop, 'cpuMs' | 'residentMegabytes'> {
  const sum = (of: (pid: number) => number) => pids().reduce((total, pid) => total + of(pid), 0);
  return {
    cpuMs: () =>
      sum((pid) => {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
        return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_PER_SECOND;
      }),
    residentMegabytes: () => sum((pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024),
  };
}
