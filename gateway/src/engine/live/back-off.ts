/** How long, and how often, a lost stream is asked for again. Durations in milliseconds. */
export interface BackOff {
  firstMs: number;
  longestMs: number;
  /** A stream that was never there is given up after this many attempts. */
  firstAttempts: number;
  /** A stream that was there is given up when it could not be had again for this long. */
  giveUpAfterMs: number;
}

export const defaultBackOff: BackOff = { firstMs: 100, longestMs: 5_000, firstAttempts: 5, giveUpAfterMs: 60_000 };

/**
 * How long to wait before the attempt of this number (from 1): anywhere between nothing and twice the wait before, so that a thousand
 * streams that are lost together do not come back together. `random` is at least 0 and under 1.
 */
export function waitBefore(attempt: number, { firstMs, longestMs }: BackOff, random: number): number {
  return random * Math.min(longestMs, firstMs * 2 ** (attempt - 1));
}
