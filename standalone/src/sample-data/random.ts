import { createHash } from 'node:crypto';

/** Numbers that look random and are the same in every run. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** Throws RangeError for an empty list. */
  pick<T>(list: readonly T[]): T;
  /** All of the list in another order; the list itself stays. */
  shuffled<T>(list: readonly T[]): T[];
}

/** Seeded by a text, so that one part of the data can change without moving the rest. Algorithm: mulberry32. */
export function randomFrom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    pick: <T>(list: readonly T[]) => {
      const picked = list[between(0, list.length - 1)];
      if (picked === undefined) throw new RangeError('Nothing to pick from.');
      return picked;
    },
    shuffled: <T>(list: readonly T[]) =>
      list
        .map((entry) => ({ entry, place: next() }))
        .toSorted((a, b) => a.place - b.place)
        .map(({ entry }) => entry),
  };
}

/** The same text always gives the same UUID (version 8, RFC 9562 section 5.8). */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
