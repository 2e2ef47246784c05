import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discardDataFolder, startEmbeddedPostgres, type EmbeddedPostgres } from '@shop/standalone/embedded-postgres';
import { isAlive } from '@shop/standalone/process-identity';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the maintenance database of the PostgreSQL that this test run started. */
    postgresUrl: string;
  }
}

const prefix = 'shop-test-postgres-';
/** Nothing in a test run has to outlive a power cut. */
const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '400' };

type Shared = { users: number; server: Promise<EmbeddedPostgres>; folder: string };

// Vitest loads this file once a project; what they share lives in the process.
const key = Symbol.for('shop.test-postgres');
const registry: { [key]?: Shared } & typeof globalThis = globalThis;

/** One PostgreSQL for the whole run, however many projects ask; removed with its data when the last one is done. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = (registry[key] ??= start());
  shared.users += 1;
  project.provide('postgresUrl', (await shared.server).url('postgres'));
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    delete registry[key];
    await (await shared.server).stop();
    rmSync(shared.folder, { recursive: true, force: true });
  };
}

function start(): Shared {
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  return { users: 0, folder, server: sweep().then(() => startEmbeddedPostgres({ dataFolder: folder, settings })) };
}

/** Removes what killed test runs left. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((candidate) => candidate.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    if (!isAlive(pid)) await discardDataFolder(join(tmpdir(), name));
  }
}
