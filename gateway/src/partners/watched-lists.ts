import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@shop/platform/logger';
import { startPoller, type Poller } from '@shop/platform/poller';
import { readPersistedLists, type ReadLists } from './persisted-lists.js';

/** Also when the folder is replaced behind a link, as Kubernetes does it; so it is looked at, not listened to. */
const LOOK_EVERY_MS = 1_000;

/**
 * Hands on the registered operations of a folder whenever a file of `partners` or `clients` was written, came or went, once nothing has
 * changed for a second: a deployment writes several. A folder that was there and is gone is faulty.
 */
export function watchedLists(folder: string, changed: (read: ReadLists) => void, logger: Logger): Poller {
  let seen: string | null = null;
  let handedOn: string | null = null;
  return startPoller({
    name: 'registered operations',
    everyMs: LOOK_EVERY_MS,
    logger,
    work: async () => {
      const now = await looksOf(folder);
      const isAtRest = now === seen;
      seen = now;
      if (!isAtRest || now === handedOn) return 0;
      const isWithout = handedOn === null && now === GONE;
      handedOn = now;
      if (isWithout) return 0;
      changed(now === GONE ? { kind: 'faulty', faults: [`${join(folder, 'partners')}: missing`] } : await readPersistedLists(folder));
      return 0;
    },
  });
}

const GONE = 'gone';

/** The same while no file changes. */
async function looksOf(folder: string): Promise<string> {
  const partners = await filesIn(join(folder, 'partners'));
  if (partners === null) return GONE;
  const clients = (await filesIn(join(folder, 'clients'))) ?? [];
  const looks = await Promise.all([...partners, ...clients].map(lookOf));
  return JSON.stringify(looks);
}

async function filesIn(folder: string): Promise<string[] | null> {
  const names: string[] | null = await readdir(folder).catch(() => null);
  return (
    names &&
    names
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .map((name) => join(folder, name))
  );
}

async function lookOf(file: string): Promise<readonly unknown[]> {
  const { mtimeMs, ino, size } = await stat(file).catch(() => ({ mtimeMs: 0, ino: 0, size: 0 }));
  return [file, mtimeMs, ino, size];
}
