/** What one socket holds. */
export interface SocketLoad {
  /** Its subscriptions, each by what ends it. */
  subscriptions: Set<AbortController>;
  /** Events of all its subscriptions that its client has not taken yet. */
  waiting: number;
}

/**
 * Reads `source` as fast as it comes and hands it on as fast as it is taken; what waits in between is counted in `load`. When `isTooMuch`
 * says so of the count, the source is ended, and what waits is dropped. `stopping` fires when nothing more is wanted or there is nothing more.
 */
export function boundedQueue<T>(
  source: AsyncIterableIterator<T>,
  load: Pick<SocketLoad, 'waiting'>,
  isTooMuch: (waiting: number) => boolean,
  stopping: AbortController,
): AsyncIterableIterator<T> {
  const waiting: T[] = [];
  let wake = Promise.withResolvers<void>();
  let outcome: { kind: 'open' } | { kind: 'ended' } | { kind: 'failed'; error: unknown } = { kind: 'open' };
  const end = (how: typeof outcome) => {
    if (outcome.kind === 'open') outcome = how;
    wake.resolve();
    stopping.abort();
  };
  const drop = () => {
    load.waiting -= waiting.length;
    waiting.length = 0;
  };
  const stop = async () => {
    drop();
    end({ kind: 'ended' });
    await source.return?.();
  };
  const pump = async () => {
    for (;;) {
      const step = await source.next();
      if (step.done || outcome.kind !== 'open') return end({ kind: 'ended' });
      waiting.push(step.value);
      load.waiting++;
      wake.resolve();
      if (isTooMuch(load.waiting)) return stop();
    }
  };
  const abandon = () => {
    if (outcome.kind === 'open') void stop().catch(() => undefined);
  };
  stopping.signal.addEventListener('abort', abandon, { once: true });
  pump().catch((error: unknown) => end({ kind: 'failed', error }));

  const stream: AsyncIterableIterator<T> = {
    next: async () => {
      for (;;) {
        const value = waiting.shift();
        if (value !== undefined) {
          load.waiting--;
          return { done: false, value };
        }
        if (outcome.kind === 'failed') throw outcome.error;
        if (outcome.kind === 'ended') return { done: true, value: undefined };
        wake = Promise.withResolvers<void>();
        await wake.promise;
      }
    },
    return: async () => {
      await stop();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
