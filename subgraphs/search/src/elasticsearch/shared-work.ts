/** Runs `work` until it has succeeded once; whoever asks meanwhile waits for the same run. */
export function onceDone<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => {
    running ??= work().catch((error: unknown) => {
      running = null;
      throw error;
    });
    return running;
  };
}

/** Whoever asks while `work` runs waits for the next run, together with all who ask meanwhile: it covers what they did before. */
export function coalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const start = (): Promise<void> => {
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (!running) return start();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null;
        return start();
      });
    return next;
  };
}

/**
 * What comes while `work` runs is done together by its next run. When a run fails, each of its items is tried alone, so that one that can't
 * be done fails alone.
 */
export function gathered<T, R>(work: (items: readonly T[]) => Promise<readonly R[]>): (item: T) => Promise<R> {
  const waiting: { item: T; done: PromiseWithResolvers<R> }[] = [];
  let isRunning = false;
  const alone = async (item: T): Promise<R> => {
    const [result] = await work([item]);
    if (result === undefined) throw new Error('There is no result for an item.');
    return result;
  };
  const finish = async (batch: typeof waiting): Promise<void> => {
    const results = batch.length > 1 ? await work(batch.map(({ item }) => item)).catch(() => null) : null;
    batch.forEach(({ item, done }, at) => done.resolve(results?.[at] ?? alone(item)));
    await Promise.allSettled(batch.map(({ done }) => done.promise));
  };
  const run = async (): Promise<void> => {
    while (waiting.length > 0) await finish(waiting.splice(0));
    isRunning = false;
  };
  return (item) => {
    const done = Promise.withResolvers<R>();
    waiting.push({ item, done });
    if (!isRunning) {
      isRunning = true;
      void run();
    }
    return done.promise;
  };
}
