import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from '@shop/standalone/process-identity';
import { RECIPES } from './recipes.js';
import { Missing } from './server.js';
import { openedFolder, type ServersFolder } from './servers-folder.js';
import { SERVERS, type ServerName } from './versions.js';

export type Installed = { kind: 'present' } | { kind: 'installed'; seconds: number } | { kind: 'missing'; what: string };

/** Where the programs of a server lie; a new version gets a new folder. */
export function homeOf(folder: ServersFolder, name: ServerName): string {
  return join(folder.path, 'installed', `${name}-${SERVERS[name].version}`);
}

export function isInstalled(folder: ServersFolder, name: ServerName): boolean {
  return existsSync(markOf(folder, name));
}

/**
 * Installs a server where it isn't yet; two processes that want the same one do it once. What the machine lacks is answered, what fails is
 * thrown; a failed or interrupted installation leaves nothing that would be taken for a whole one.
 */
export async function install(folder: ServersFolder, name: ServerName): Promise<Installed> {
  if (isInstalled(folder, name)) return { kind: 'present' };
  const home = homeOf(folder, name);
  openedFolder(dirname(home));
  const release = await lock(`${home}.lock`);
  try {
    if (isInstalled(folder, name)) return { kind: 'present' };
    const from = performance.now();
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    await RECIPES[name].install(home, folder.account);
    writeFileSync(markOf(folder, name), `${SERVERS[name].product} ${SERVERS[name].version}\n`);
    return { kind: 'installed', seconds: (performance.now() - from) / 1000 };
  } catch (error) {
    if (error instanceof Missing) return { kind: 'missing', what: error.message };
    throw error;
  } finally {
    release();
  }
}

/** Written last. */
function markOf(folder: ServersFolder, name: ServerName): string {
  return join(homeOf(folder, name), '.installed');
}

/** Waits for another installer that lives; one that died is no obstacle. */
async function lock(path: string): Promise<() => void> {
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (!existsSync(path)) continue;
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    if (isAlive(Number(readFileSync(path, 'utf8')))) await pause(200);
    else rmSync(path, { force: true });
  }
}
