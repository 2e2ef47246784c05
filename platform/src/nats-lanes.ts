/** Work in lanes: in order within one, side by side otherwise, at most `concurrency` pieces at a time. */
export interface Lanes {
  /** Work must not reject. */
  enqueue(lane: string, work: () => Promise<void>): void;
  /** Runs `work` as soon as there is room. */
  withRoom<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is queued. */
  idle(): Promise<void>;
}

/** `concurrency`: how many pieces of work have room at a time. */
export function lanes(concurrency: number): Lanes {
  const tails = new Map<string, Promise<void>>();
  const waiting: (() => void)[] = [];
  let free = concurrency;
  return {
    enqueue: (lane, work) => {
      const tail = (tails.get(lane) ?? Promise.resolve()).then(work).finally(() => {
        if (tails.get(lane) === tail) tails.delete(lane);
      });
      tails.set(lane, tail);
    },
    withRoom: async (work) => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
    idle: async () => {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
