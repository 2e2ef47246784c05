import type { ServerName } from '@shop/deploy/servers/versions';
import { expect } from 'vitest';
import { checkBooks, type Books } from '../../kit/ledger.js';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { until } from '../../kit/until.js';

/** The shop that all faults of this run are tried on, one after the other. */
export type ShopNow = () => ShopInStack;

/** While it lasts, a fault is there; disposing ends it. */
export type Fault = AsyncDisposable;

/** A store is dead. */
export async function dead({ stores }: ShopInStack, name: ServerName): Promise<Fault> {
  await stores.kill(name);
  return { [Symbol.asyncDispose]: () => stores.start(name) };
}

/** A store takes connections and answers nothing. */
export function standingStill({ stores }: ShopInStack, name: ServerName): Fault {
  stores.pause(name);
  return { [Symbol.asyncDispose]: async () => stores.resume(name) };
}

/** One of our processes takes connections and answers nothing. */
export function processStandingStill({ stack }: ShopInStack, name: string): Fault {
  const stopped = stack.process(name);
  stopped.signal('SIGSTOP');
  return { [Symbol.asyncDispose]: async () => stopped.signal('SIGCONT') };
}

/** One of our processes is dead. */
export async function processDead({ stack }: ShopInStack, name: string): Promise<Fault> {
  await stack.process(name).kill();
  return { [Symbol.asyncDispose]: () => stack.start(name) };
}

/** One of our processes runs with other variables. */
export async function processWith({ stack }: ShopInStack, name: string, variables: Readonly<Record<string, string>>): Promise<Fault> {
  const startAnew = async (extra: Readonly<Record<string, string>>) => {
    await stack.process(name).stop();
    await stack.start(name, extra);
  };
  await startAnew(variables);
  return { [Symbol.asyncDispose]: () => startAnew({}) };
}

/**
 * What was lost with the broker comes again after younger events, and so does what a test sends again: consumers bear it, the books tell it.
 */
export const OUT_OF_ORDER = /^I14: .* out of order$/;

export async function during<T>(fault: Fault | Promise<Fault>, work: () => Promise<T>): Promise<T> {
  await using _ = await fault;
  return await work();
}

/** Within a minute every checkout is over, everything sent and applied, and the books of all subgraphs and of the provider agree. */
export async function expectBooksToCheck({ sql, provider, withoutInbox }: ShopInStack, except: RegExp | null = null): Promise<void> {
  const books: Books = { sql, provider, ...(withoutInbox && { withoutInbox }) };
  let violations: string[] = [];
  const look = async (): Promise<true | null> => {
    const found = await checkBooks(books);
    violations = found.filter((violation) => !except?.test(violation));
    return violations.length === 0 ? true : null;
  };
  await until(look, { timeoutMs: 60_000, what: 'the books to check' }).catch((error: unknown) => {
    expect(violations).toEqual([]);
    throw error;
  });
}
