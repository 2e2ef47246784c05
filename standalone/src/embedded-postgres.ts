import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.js';
import { usableBinaries, type PostgresBinaries } from './postgres-binaries.js';
import {
  claimFolder,
  reachableFolder,
  readState,
  releaseFolder,
  saveState,
  type FolderState,
  type PostgresFolder,
} from './postgres-folder.js';
import { initialise, launch, stopLeftover, stopServer, type PostgresSettings } from './postgres-process.js';

export type EmbeddedPostgresOptions = {
  /** Made when missing. Port and password are kept in it, so a second start has the same URL. */
  readonly dataFolder: string;
  /** Preferred port of 127.0.0.1; another free one below 32768 is taken when it is in use. Default: the last run's. */
  readonly port?: number;
  /** Takes sentences for a person about what is done; default silent. The server's own log is `postgres.log` in the folder. */
  readonly log?: (line: string) => void;
  /** PostgreSQL settings by name, added to the defaults (200 connections, fsync and synchronous_commit on). */
  readonly settings?: PostgresSettings;
  /** Empties the folder first. Default false. */
  readonly fresh?: boolean;
};

export type EmbeddedPostgres = AsyncDisposable & {
  readonly port: number;
  /** Connection URL of a database of this server, with user and password. */
  url(database: string): string;
  /** Throws when it exists already. `template` must have no open connections. */
  createDatabase(name: string, options?: { template?: string }): Promise<void>;
  databaseExists(name: string): Promise<boolean>;
  /** Cuts its connections off. A missing one is fine. */
  dropDatabase(name: string): Promise<void>;
  /** Closes all connections and stops the server; data stays. Repeatable. */
  stop(): Promise<void>;
};

const defaults: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  max_connections: '200',
  fsync: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  jit: 'off',
};

/**
 * Starts a real PostgreSQL 18 from the npm package, as root (then under an unprivileged account) or as anyone, without anything installed.
 * A server that a killed run left in the folder is stopped first; a folder in use by a living run is refused with an error.
 * The server doesn't hear the terminal's Ctrl-C: it runs until stop(), or until this process exits of itself.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const folder = reachableFolder(resolve(options.dataFolder), log);
  const binaries = usableBinaries(folder.account, log);
  const settings: PostgresSettings = { ...defaults, unix_socket_directories: socketFolderOf(folder) ?? '', ...options.settings };
  const state = claimFolder(folder);
  try {
    await stopLeftover(folder, log);
    await prepareData(folder, binaries, state, { fresh: options.fresh ?? false, sync: settings['fsync'] !== 'off', log });
    const { port, pid } = await launchOnFreePort(folder, binaries, settings, [options.port, state.port]);
    saveState(folder, { ...state, port });
    return running(folder, pid, port, state.password, socketFolderOf(folder));
  } catch (error) {
    releaseFolder(folder);
    throw error;
  }
}

/** How to reach the server that another process runs on this folder. Throws when none was ever started there. */
export function urlOfRunning(dataFolder: string): (database: string) => string {
  const folder = reachableFolder(resolve(dataFolder), () => undefined);
  const { password, port } = readState(folder) ?? {};
  if (password === undefined || port === undefined) throw new Error(`No server was started on ${dataFolder}.`);
  return urlsOf(port, password, socketFolderOf(folder));
}

/**
 * Removes a data folder, stopping first the server that a killed run left in it.
 * Throws when a living run holds the folder; a missing folder is fine.
 */
export async function discardDataFolder(dataFolder: string, log: (line: string) => void = () => undefined): Promise<void> {
  if (!existsSync(dataFolder)) return;
  const folder = reachableFolder(resolve(dataFolder), log);
  claimFolder(folder);
  await stopLeftover(folder, log);
  for (const path of [folder.path, dataFolder]) rmSync(path, { recursive: true, force: true });
}

async function prepareData(
  folder: PostgresFolder,
  binaries: PostgresBinaries,
  state: FolderState,
  { fresh, sync, log }: { fresh: boolean; sync: boolean; log: (line: string) => void },
): Promise<void> {
  if (fresh) rmSync(folder.data, { recursive: true, force: true });
  if (existsSync(folder.data)) return;
  log(`Preparing a new database in ${folder.path}`);
  await initialise(folder, binaries, state.password, sync);
}

async function launchOnFreePort(
  folder: PostgresFolder,
  binaries: PostgresBinaries,
  settings: PostgresSettings,
  preferred: readonly (number | undefined)[],
): Promise<{ port: number; pid: number }> {
  for (let tries = 0; tries < 5; tries++) {
    const port = await freePort(tries === 0 ? preferred : []);
    const outcome = await launch(folder, binaries.postgres, port, settings);
    if (outcome.kind === 'ready') return { port, pid: outcome.pid };
  }
  throw new Error('PostgreSQL found no free port in five tries.');
}

function running(folder: PostgresFolder, pid: number, port: number, password: string, socketFolder: string | null): EmbeddedPostgres {
  const url = urlsOf(port, password, socketFolder);
  const withProcess = (): void => void process.kill(pid, 'SIGINT');
  process.once('exit', withProcess);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    process.removeListener('exit', withProcess);
    stopped ??= stopServer(pid).then(() => releaseFolder(folder));
    return stopped;
  };
  return {
    port,
    url,
    stop,
    createDatabase: (name, { template } = {}) =>
      query(url('postgres'), async (client) => {
        const from = template === undefined ? '' : ` TEMPLATE ${client.escapeIdentifier(template)}`;
        await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}${from}`);
      }),
    databaseExists: (name) =>
      query(url('postgres'), async (client) => (await client.query('SELECT FROM pg_database WHERE datname = $1', [name])).rowCount === 1),
    dropDatabase: (name) =>
      query(url('postgres'), async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
      }),
    [Symbol.asyncDispose]: stop,
  };
}

function urlsOf(port: number, password: string, socketFolder: string | null): (database: string) => string {
  const parameters = socketFolder === null ? '' : `?host=${encodeURIComponent(socketFolder)}`;
  return (database) => `postgresql://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}${parameters}`;
}

/** A Unix socket costs a third less than a TCP connection; null where the path would be longer than such an address may be (107 bytes). */
function socketFolderOf({ data }: PostgresFolder): string | null {
  return process.platform !== 'win32' && Buffer.byteLength(`${data}/.s.PGSQL.65535`) <= 107 ? data : null;
}

async function query<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
