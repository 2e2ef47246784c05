import type { z } from 'zod';

/** Reads and writes outside the identity map. `text` has `$1` placeholders; rows are parsed on the way out. */
export interface Sql {
  rows<T extends z.ZodType>(schema: T, text: string, parameters?: readonly unknown[]): Promise<z.output<T>[]>;
  /** Returns how many rows were written. */
  run(text: string, parameters?: readonly unknown[]): Promise<number>;
}
