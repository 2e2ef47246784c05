import type { Logger } from './logger.js';

export interface PollerOptions {
  name: string;
  /** The safety net: how often to look when nobody wakes it. */
  everyMs: number;
  /** Does what is due and returns how much that was. Called again at once while it returns more than 0. Must be repeatable. */
  work(): Promise<number>;
  logger: Logger;
}

export interface Poller extends AsyncDisposable {
  /** Something may be due now. Cheap; may be called at any time, also from inside `work`. */
  wake(): void;
  /** Runs until nothing is due and returns how much was done; throws what `work` throws. */
  drain(): Promise<number>;
}

/**
 * Runs `work` whenever it is woken and every `everyMs`, never twice at a time. An error is logged and tried again at the next tick.
 * Disposing waits for the run in progress.
 */
export function startPoller({ name, everyMs, work, logger }: PollerOptions): Poller {
  let running: Promise<number> | null = null;
  let wanted = false;
  let stopped = false;

  const runUntilNothingIsDue = async (): Promise<number> => {
    let total = 0;
    let done: number;
    do {
      wanted = false;
      done = await work();
      total += done;
    } while ((done > 0 || wanted) && !stopped);
    return total;
  };
  const run = (): Promise<number> => {
    running ??= runUntilNothingIsDue().finally(() => {
      running = null;
    });
    return running;
  };
  const wake = () => {
    wanted = true;
    if (stopped || running) return;
    run().catch((err: unknown) => logger.error({ err, reason: name }, 'poller failed'));
  };
  const timer = setInterval(wake, everyMs);
  return {
    wake,
    drain: async () => (running ? (await running.catch(() => 0)) + (await run()) : run()),
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      clearInterval(timer);
      await running?.catch(() => 0);
    },
  };
}
