import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServers, stopServersIn, type Servers } from '@shop/deploy/servers/start-servers';
import { isAlive } from '@shop/standalone/process-identity';
import { STORE_NAMES, type StoreName } from './stores-config.js';

export type { Servers };

const prefix = 'shop-test-stores-';

/** Real servers of their own for whoever asks, with data that are deleted when they are disposed. */
export async function ownServers<N extends StoreName>(names: readonly N[]): Promise<Servers<N>> {
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const servers = await startServers(names, folder);
  return {
    ...servers,
    [Symbol.asyncDispose]: async () => {
      await servers.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ends and removes what killed test runs left. */
export async function sweepServers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((candidate) => candidate.startsWith(prefix))) {
    if (isAlive(Number(name.slice(prefix.length).split('-')[0]))) continue;
    const folder = join(tmpdir(), name);
    await stopServersIn(STORE_NAMES, folder);
    rmSync(folder, { recursive: true, force: true });
  }
}
