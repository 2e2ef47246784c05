import type { LimitWatch } from './limit-watch.js';
import { excessOf, type Limit, type LimitName } from './limits.js';

/** Sockets that are open at the same time, by whose they are. */
export interface SocketCount {
  /** What to call when the socket is gone; null when there are too many. A null key has no limit. */
  enter(key: string | null): (() => void) | null;
}

export function socketCount(name: LimitName, limit: Limit, watch: LimitWatch): SocketCount {
  const open = new Map<string, number>();
  const count = (key: string) => open.get(key) ?? 0;
  return {
    enter: (key) => {
      if (key === null) return () => undefined;
      const [excess] = excessOf(name, limit, () => count(key) + 1);
      if (excess && watch.refuses(excess)) return null;
      open.set(key, count(key) + 1);
      return () => {
        if (count(key) > 1) open.set(key, count(key) - 1);
        else open.delete(key);
      };
    },
  };
}
