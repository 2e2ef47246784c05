import type { Logger } from '@shop/platform/logger';
import { startPoller, type Poller } from '@shop/platform/poller';
import type { Credential } from '../identity.js';
import { REMEMBERED_MS, type PartnerDirectory } from './partner-directory.js';

export interface WatchedStreams {
  /** Ends the sockets and streams of these credentials. */
  endStreams(isEnded: (credential: Credential) => boolean): void;
}

/**
 * Looks every 2 seconds, and whenever it is woken, whether the keys are still good that sockets and streams were opened with, and ends those
 * whose are not. A key of which nobody can tell counts as good.
 */
export function watchKeys(directory: PartnerDirectory, streams: WatchedStreams, logger: Logger): Poller {
  return startPoller({
    name: 'partner keys',
    everyMs: REMEMBERED_MS,
    logger,
    work: async () => {
      const keys = new Set<string>();
      streams.endStreams(({ keyHash }) => {
        if (keyHash !== undefined) keys.add(keyHash);
        return false;
      });
      const over = await Promise.all([...keys].map(async (keyHash) => ((await isOver(keyHash, directory)) ? [keyHash] : [])));
      const ended = new Set(over.flat());
      if (ended.size > 0) streams.endStreams(({ keyHash }) => keyHash !== undefined && ended.has(keyHash));
      return 0;
    },
  });
}

async function isOver(keyHash: string, directory: PartnerDirectory): Promise<boolean> {
  try {
    return (await directory.holderOf(keyHash)) === null;
  } catch {
    return false;
  }
}
