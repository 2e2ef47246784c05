import type { ExecutionResult } from 'graphql';
import { streamInterrupted } from './graphql-errors.js';

export interface EventStreamOptions {
  /** Each event as it is told. */
  map(event: ExecutionResult): ExecutionResult;
  /** Hears why the source failed. */
  failed(error: unknown): void;
  /** Fires when the stream is left: what the source's resolver waits on. */
  stopping: AbortController;
}

/**
 * The events of a subscription's resolver. A source that fails ends with an event that says STREAM_INTERRUPTED: whoever reads it may
 * subscribe again. By hand, not by a generator: `return` must end the source even while it waits for its next event.
 */
export function eventStream(source: AsyncIterator<ExecutionResult>, options: EventStreamOptions): AsyncIterableIterator<ExecutionResult> {
  const { map, failed, stopping } = options;
  let isOver = false;
  const interrupted = (error: unknown): IteratorResult<ExecutionResult> => {
    isOver = true;
    if (stopping.signal.aborted) return { done: true, value: undefined };
    failed(error);
    return { done: false, value: { errors: [streamInterrupted()] } };
  };
  const stream: AsyncIterableIterator<ExecutionResult> = {
    next: async () => {
      if (isOver) return { done: true, value: undefined };
      try {
        const step = await source.next();
        return step.done ? { done: true, value: undefined } : { done: false, value: map(step.value) };
      } catch (error) {
        return interrupted(error);
      }
    },
    return: async () => {
      stopping.abort();
      await source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
