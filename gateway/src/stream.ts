/**
 * Each value of `source` through `map`, one at a time. Written by hand, not as a generator: `return` must reach the source while `next`
 * is still waiting.
 */
export function mapStream<A, B>(source: AsyncIterable<A>, map: (value: A) => Promise<B>): AsyncIterableIterator<B> {
  const iterator = source[Symbol.asyncIterator]();
  const stream: AsyncIterableIterator<B> = {
    next: async () => {
      const step = await iterator.next();
      return step.done ? { done: true, value: undefined } : { done: false, value: await map(step.value) };
    },
    return: async () => {
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
