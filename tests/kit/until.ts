import { setTimeout as delay } from 'node:timers/promises';

/** Asks until `look` returns something other than null. Throws, with what was seen last, after `timeoutMs`; an error of `look` counts as null. */
export async function until<T>(look: () => Promise<T | null>, { timeoutMs = 30_000, what = 'it' } = {}): Promise<T> {
  const end = performance.now() + timeoutMs;
  let last: unknown = null;
  for (;;) {
    const found = await look().catch((error: unknown) => {
      last = error;
      return null;
    });
    if (found !== null) return found;
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms for ${what} in vain.`, { cause: last });
    await delay(50);
  }
}
