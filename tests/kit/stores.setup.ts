import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServers, stopServersIn } from '@shop/deploy/servers/start-servers';
import { isAlive } from '@shop/standalone/process-identity';
import type { TestProject } from 'vitest/node';

import { STORE_NAMES, storesConfig } from './stores-config.js';
import type {} from './stores.js';

const prefix = 'shop-test-stores-';

/**
 * Starts the real servers that the suites named `*.stores.test.ts` share; a suite that breaks a server starts one of its own. Fails when one
 * isn't installed: these suites are never skipped.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { urls, names } = storesConfig();
  await sweep();
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const servers = await startServers(
    names.filter((name) => urls[name] === undefined),
    folder,
  );
  for (const name of names) {
    const url = urls[name] ?? servers.urls[name];
    if (url !== undefined) project.provide(`${name}Url`, url);
  }
  return async () => {
    await servers.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Removes what killed test runs left. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((candidate) => candidate.startsWith(prefix))) {
    if (isAlive(Number(name.slice(prefix.length).split('-')[0]))) continue;
    const folder = join(tmpdir(), name);
    await stopServersIn(STORE_NAMES, folder);
    rmSync(folder, { recursive: true, force: true });
  }
}
