import type { Database } from './database.js';
import type { Logger } from './logger.js';
import { markSent, type UnsentEvent } from './outbox.js';

/**
 * Which events a relay has sent; what is sent within `everyMs` is marked in the outbox by one statement, under the relay's `fence` where it
 * has one. A mark that cannot be written is logged, and its event sent again.
 */
export function relayMarks(db: Database, logger: Logger, everyMs: number, fence: () => Parameters<typeof markSent>[2] | null) {
  let waiting = new Map<number, UnsentEvent>();
  let writing = new Map<number, UnsentEvent>();
  let written = new Set<number>();
  let current: Promise<number> = Promise.resolve(0);
  let timer: NodeJS.Timeout | null = null;

  const write = async (): Promise<number> => {
    await current;
    if (waiting.size === 0) return 0;
    [writing, waiting] = [waiting, new Map()];
    try {
      await markSent(db, [...writing.values()], fence());
      for (const position of writing.keys()) written.add(position);
      return writing.size;
    } catch (err) {
      logger.warn({ err }, 'sent events could not be marked; they are sent again');
      return 0;
    } finally {
      writing = new Map();
    }
  };
  const flush = (): Promise<number> => {
    if (timer) clearTimeout(timer);
    timer = null;
    current = write();
    return current;
  };
  return {
    add: (sent: UnsentEvent) => {
      waiting.set(sent.position, sent);
      timer ??= setTimeout(() => void flush(), everyMs);
    },
    /** Sent: what a reading says that began before the mark was written is out of date. */
    has: (position: number) => waiting.has(position) || writing.has(position) || written.has(position),
    /** To be called before a reading begins, which sees all marks that were written up to now. */
    forgetWritten: () => {
      written = new Set();
    },
    /** The version of the newest event of an aggregate that is sent but not marked. */
    lastOf: (aggregateId: string): number | null => {
      const versions = [...waiting.values(), ...writing.values()]
        .filter(({ event }) => event.aggregateId === aggregateId)
        .map(({ event }) => event.aggregateVersion);
      return versions.length > 0 ? Math.max(...versions) : null;
    },
    flush,
  };
}
