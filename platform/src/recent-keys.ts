/** Keys of the recent past, in memory. Costs nothing while it is empty, and holds no more than what was added in twice the time. */
export interface RecentKeys {
  add(key: string, nowMs: number): void;
  /** True for at least the time after `add`, and for no more than twice as long. */
  has(key: string, nowMs: number): boolean;
}

/** `forMs`: how long a key is surely known. Two generations: the older one is dropped whole, so that nothing is kept for each key. */
export function recentKeys(forMs: number): RecentKeys {
  let current = new Set<string>();
  let previous = new Set<string>();
  let turnedAtMs = -Infinity;

  const turn = (nowMs: number) => {
    const passedMs = nowMs - turnedAtMs;
    if (passedMs < forMs) return;
    previous = passedMs < 2 * forMs ? current : new Set();
    current = new Set();
    turnedAtMs = nowMs;
  };
  return {
    add: (key, nowMs) => {
      turn(nowMs);
      current.add(key);
    },
    has: (key, nowMs) => {
      turn(nowMs);
      return current.has(key) || previous.has(key);
    },
  };
}
