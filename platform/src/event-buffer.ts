import type { FormattedExecutionResult } from 'graphql';

type End = { kind: 'done' } | { kind: 'failed'; error: Error };

let buffers = 0;

/** The events of one subscription that have arrived and have not been taken, in order. */
export class EventBuffer implements AsyncIterableIterator<FormattedExecutionResult> {
  /** Unique in the process. */
  readonly id = String(++buffers);
  readonly #leave: (id: string) => void;
  #arrived: FormattedExecutionResult[] = [];
  #end: End | null = null;
  #wake: (() => void) | null = null;

  /** Calls `leave` when it is returned from before its end. */
  constructor(leave: (id: string) => void) {
    this.#leave = leave;
  }

  arrive(event: FormattedExecutionResult): void {
    this.#arrived.push(event);
    this.#wake?.();
  }

  /** Once what has arrived is taken. */
  end(how: End): void {
    this.#end ??= how;
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<FormattedExecutionResult, undefined>> {
    for (;;) {
      const value = this.#arrived.shift();
      if (value) return { done: false, value };
      if (this.#end?.kind === 'failed') throw this.#end.error;
      if (this.#end) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async return(): Promise<IteratorResult<FormattedExecutionResult, undefined>> {
    if (!this.#end) this.#leave(this.id);
    this.#arrived = [];
    this.end({ kind: 'done' });
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
