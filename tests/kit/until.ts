import { setTimeout as delay } from 'node:timers/promises';
import { checkBooks, type Books } from './ledger.js';

/** Asks until `look` returns something other than null. Throws, with what was seen last, after `timeoutMs`; an error of `look` counts as null. */
export async function until<T>(look: () => Promise<T | null>, { timeoutMs = 60_000, what = 'it' } = {}): Promise<T> {
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

/** For a shop in a process of its own, which cannot be told to settle. Throws with the violations that are left after `timeoutMs`. */
export async function untilBooksCheck(shop: Books, timeoutMs = 60_000): Promise<void> {
  const look = async (): Promise<true> => {
    const violations = await checkBooks(shop);
    if (violations.length > 0) throw new Error(violations.join('\n'));
    return true;
  };
  await until(look, { timeoutMs, what: 'the books to check' });
}
