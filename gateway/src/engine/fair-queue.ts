import { LRUCache } from 'lru-cache';

/** What waits for something that does one thing at a time, in the order of fairness between those who ask. */
export interface FairQueue<T> {
  /** Takes an item in; returns what is turned away for want of room: nothing, the newest of somebody who has more waiting, or the item itself. */
  add(asker: string, item: T): T | null;
  /** The oldest item of whoever used least in the last minute; null when nothing waits. */
  next(): T | null;
  /** Counts what an item took. */
  used(asker: string, ms: number): void;
  /** Takes everything out. */
  clear(): T[];
}

const REMEMBERED_MS = 60_000;
const REMEMBERED_ASKERS = 10_000;

/** For at most `max` items. Somebody who asks for much waits behind those who don't, and loses what there is no room for. */
export function fairQueue<T extends NonNullable<unknown>>(max: number): FairQueue<T> {
  const waiting = new Map<string, T[]>();
  const usage = new LRUCache<string, number>({ max: REMEMBERED_ASKERS, ttl: REMEMBERED_MS });
  let size = 0;

  const push = (asker: string, item: T): void => {
    const own = waiting.get(asker);
    if (own) own.push(item);
    else waiting.set(asker, [item]);
    size++;
  };
  const take = (asker: string, from: 'oldest' | 'newest'): T | undefined => {
    const own = waiting.get(asker) ?? [];
    const item = from === 'oldest' ? own.shift() : own.pop();
    if (own.length === 0) waiting.delete(asker);
    if (item !== undefined) size--;
    return item;
  };
  return {
    add: (asker, item) => {
      let turnedAway: T | null = null;
      if (size >= max) {
        const greedy = mostWaiting(waiting);
        // To have one more than somebody else is no greed.
        if (greedy === null || greedy.count <= (waiting.get(asker)?.length ?? 0) + 1) return item;
        turnedAway = take(greedy.asker, 'newest') ?? null;
      }
      push(asker, item);
      return turnedAway;
    },
    next: () => {
      let [first, least] = ['', Infinity];
      for (const asker of waiting.keys()) {
        const used = usage.get(asker) ?? 0;
        if (used < least) [first, least] = [asker, used];
      }
      const item = take(first, 'oldest');
      return item ?? null;
    },
    used: (asker, ms) => void usage.set(asker, (usage.get(asker) ?? 0) + ms),
    clear: () => {
      const all = [...waiting.values()].flat();
      waiting.clear();
      size = 0;
      return all;
    },
  };
}

function mostWaiting(waiting: ReadonlyMap<string, readonly unknown[]>): { asker: string; count: number } | null {
  let most: { asker: string; count: number } | null = null;
  for (const [asker, { length }] of waiting) if (length > (most?.count ?? 0)) most = { asker, count: length };
  return most;
}
