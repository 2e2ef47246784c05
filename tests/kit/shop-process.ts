import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '@shop/standalone/free-port';
import { discardDataFolder, urlOfRunning } from '@shop/standalone/embedded-postgres';
import { shopClient, type ShopClient } from './shop-client.js';

/** The shop as `npm start` runs it, in a process of its own. Needs `tsc -b` first. */
export interface ShopProcess extends AsyncDisposable {
  url: string;
  /** Everything that it remembers. */
  folder: string;
  guest: ShopClient;
  /** Starts it, again after a kill; resolves when it is ready. Returns how long that took, in ms. */
  start(environment?: Record<string, string>): Promise<number>;
  /** kill -9, as a power cut of the process would be; PostgreSQL stays as it is. */
  kill(): Promise<void>;
  /** Resolves when the process has ended by itself. */
  untilExit(): Promise<void>;
  /** SIGTERM, until it has drained. */
  stop(): Promise<void>;
  sql<R extends pg.QueryResultRow>(subgraph: string, text: string, parameters?: unknown[]): Promise<R[]>;
  /** Of the process that runs now. Throws when there is none. */
  pid(): number;
  /** Resident memory of the process without PostgreSQL, in MB. */
  residentMegabytes(): Promise<number>;
  /** Processor time that the process has used so far, in ms, over all its threads. */
  cpuMs(): Promise<number>;
  output(): string;
}

/** How much of what it prints is kept, in characters. */
const MAX_OUTPUT = 2_000_000;
/** After this long a start has failed. */
const MAX_START_MS = 180_000;

const main = fileURLToPath(import.meta.resolve('@shop/standalone/main')).replace(/src\/main\.ts$/, 'dist/main.js');

export async function shopProcess(): Promise<ShopProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-process-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const pools = new Map<string, pg.Pool>();
  let child: ChildProcess | null = null;
  let printed = '';

  const ended = async () => {
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  const signal = async (name: NodeJS.Signals) => {
    child?.kill(name);
    await ended();
    child = null;
  };
  const poolOf = (subgraph: string): pg.Pool => {
    const known = pools.get(subgraph);
    if (known) return known;
    const made = new pg.Pool({ connectionString: urlOfRunning(join(folder, 'postgres'))(`shop_${subgraph}`), max: 2 });
    made.on('error', () => undefined);
    pools.set(subgraph, made);
    return made;
  };
  const closePools = async () => {
    for (const pool of pools.values()) await pool.end();
    pools.clear();
  };
  return {
    url,
    folder,
    guest: shopClient(url),
    start: async (environment = {}) => {
      const begun = performance.now();
      const env = {
        ...process.env,
        APOLLO_TELEMETRY_DISABLED: 'true',
        PORT: String(port),
        SHOP_FOLDER: folder,
        DEMO_CARRIER: 'off',
        ...environment,
      };
      const started = spawn(process.execPath, ['--enable-source-maps', main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [started.stdout, started.stderr])
        stream.on('data', (chunk: Buffer) => (printed = `${printed}${chunk.toString()}`.slice(-MAX_OUTPUT)));
      child = started;
      await untilReady(
        url,
        () => started.exitCode !== null || started.signalCode !== null,
        () => printed,
      );
      return performance.now() - begun;
    },
    kill: async () => {
      await closePools();
      await signal('SIGKILL');
    },
    untilExit: ended,
    stop: async () => {
      await closePools();
      await signal('SIGTERM');
    },
    sql: async <R extends pg.QueryResultRow>(subgraph: string, text: string, parameters: unknown[] = []) =>
      (await poolOf(subgraph).query<R>(text, parameters)).rows,
    pid: () => {
      if (child?.pid === undefined) throw new Error('The shop does not run.');
      return child.pid;
    },
    residentMegabytes: async () => {
      const status = await readFile(`/proc/${child?.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    },
    cpuMs: async () => {
      const fields = (await readFile(`/proc/${child?.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
      const ticksPerSecond = 100;
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
    },
    output: () => printed,
    [Symbol.asyncDispose]: async () => {
      await closePools();
      if (child) await signal('SIGTERM');
      await discardDataFolder(join(folder, 'postgres'));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(url: string, hasEnded: () => boolean, output: () => string): Promise<void> {
  for (const end = performance.now() + MAX_START_MS; ;) {
    if (hasEnded()) throw new Error(`The shop ended while starting:\n${output()}`);
    if (performance.now() > end) throw new Error(`The shop is still not ready:\n${output()}`);
    const answer = await fetch(`${url}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    await delay(50);
  }
}
