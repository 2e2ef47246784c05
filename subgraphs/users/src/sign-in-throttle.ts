/**
 * Seconds to wait after the nth failure of one account, counted from one: four are free, then the wait doubles up to 15 minutes.
 * It stays there, so that a stranger can slow an account's owner down but never lock them out.
 */
export const WAIT_SECONDS_AFTER: readonly number[] = [0, 0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 900];

/** Failures are forgotten after a day without another one. */
export const FORGET_AFTER_SECONDS = 86_400;

export interface FailedAttempts {
  failures: number;
  lastFailedAt: Date;
}

/** Whole seconds until this account may be tried again; 0 means now. */
export function secondsUntilNextAttempt({ failures, lastFailedAt }: FailedAttempts, now: Date): number {
  const wait = WAIT_SECONDS_AFTER[Math.min(failures, WAIT_SECONDS_AFTER.length) - 1] ?? 0;
  return Math.max(0, Math.ceil((lastFailedAt.getTime() - now.getTime()) / 1000 + wait));
}

/**
 * Whole seconds until a network address has budget again: `perMinute` attempts at once, then one every 60 / `perMinute` seconds.
 * `usedUntil` is the instant at which all its attempts so far would have been spread out evenly (the generic cell rate algorithm).
 */
export function secondsUntilBudget(usedUntil: Date, now: Date, perMinute: number): number {
  return Math.max(0, Math.ceil((usedUntil.getTime() - now.getTime()) / 1000 + 60 / perMinute - 60));
}
