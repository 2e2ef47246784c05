import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeStores } from '@shop/deploy/compose/compose-file';
import { startServers, stopServersIn } from '@shop/deploy/servers/start-servers';
import { SERVER_NAMES } from '@shop/deploy/servers/versions';
import { logsIn } from '@shop/deploy/stack/stack';
import { endProcessesIn } from '@shop/deploy/stack/stack-process';
import { isAlive } from '@shop/standalone/process-identity';
import type { TestProject } from 'vitest/node';
import type {} from './stack-stores.js';

const prefix = 'shop-test-stack-';

/** Starts the stores of docker-compose.yml for tests that run the shop as processes, one shop at a time. Fails when one isn't installed. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweep();
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const servers = await startServers(composeStores(), folder);
  project.provide('stackStoresFolder', folder);
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
    for (const shop of readdirSync(folder).filter((entry) => entry.startsWith('shop-'))) await endProcessesIn(logsIn(join(folder, shop)));
    await stopServersIn(SERVER_NAMES, folder);
    rmSync(folder, { recursive: true, force: true });
  }
}
