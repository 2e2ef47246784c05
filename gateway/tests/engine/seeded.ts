/** The same number for the same text, 32 bits (FNV-1a, mixed once more so that neighbours differ). */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

/** A source of choices that is the same for the same seed. */
export interface Choices {
  below(limit: number): number;
  isTrue(probability: number): boolean;
  one<T>(from: readonly T[]): T;
}

export function choices(seed: string): Choices {
  let n = 0;
  const below = (limit: number) => hash(`${seed}:${n++}`) % limit;
  return {
    below,
    isTrue: (probability) => below(1_000_000) < probability * 1_000_000,
    one: (from) => {
      const chosen = from[below(from.length)];
      if (chosen === undefined) throw new Error('Nothing to choose from');
      return chosen;
    },
  };
}
