import type { Logger } from '@shop/platform/logger';
import { registeredTexts, type PersistedLists, type ReadLists } from './persisted-lists.js';

export type TakenLists =
  | { kind: 'taken'; /** Texts that were not registered before. */ added: readonly string[] }
  /** What is in force already. */
  | { kind: 'unchanged' }
  /** The old ones stay. */
  | { kind: 'refused' };

/** The registered operations that are in force. */
export interface CurrentLists {
  lists(): PersistedLists;
  /** Puts what was read in their place at once, unless it is faulty: that is logged. */
  take(read: ReadLists): TakenLists;
  counts(): { taken: number; refused: number };
}

export function currentLists(first: PersistedLists, logger: Logger): CurrentLists {
  let current = first;
  const counted = { taken: 0, refused: 0 };
  return {
    lists: () => current,
    take: (read) => {
      if (read.kind === 'faulty') {
        counted.refused++;
        logger.error({ faults: read.faults }, 'registered operations were refused; those before stay');
        return { kind: 'refused' };
      }
      if (textOf(read.lists) === textOf(current)) return { kind: 'unchanged' };
      const before = new Set(registeredTexts(current));
      current = read.lists;
      counted.taken++;
      const texts = registeredTexts(current);
      logger.info({ count: texts.length }, 'other registered operations are in force');
      return { kind: 'taken', added: texts.filter((text) => !before.has(text)) };
    },
    counts: () => ({ ...counted }),
  };
}

function textOf({ partners, clients }: PersistedLists): string {
  return JSON.stringify([
    [...partners].map(([name, { terms, manifest }]) => [name, terms, [...manifest.byId]]),
    [...clients].map(([name, { byId }]) => [name, [...byId]]),
  ]);
}
