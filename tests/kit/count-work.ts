import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import type { TestShop } from './shop.js';

/** What subgraphs were asked, and what they asked PostgreSQL, in order. */
export interface Work {
  /** Subgraphs, one entry a call. */
  calls: string[];
  /** Texts of SQL statements, those of pollers and of event handlers left out. */
  statements: string[];
}

/** The driver's own copy of pg: patching another one would count nothing. */
const driver = createRequire(
  createRequire(createRequire(import.meta.url).resolve('@shop/platform/database')).resolve('@mikro-orm/postgresql'),
);
const { Client } = driver('pg') as { Client: { prototype: { query: (...args: unknown[]) => unknown } } };

const within = new AsyncLocalStorage<Work>();

// From the beginning: a connection remembers the method that it had when it was made.
const query = Client.prototype.query;
Client.prototype.query = function (this: unknown, ...args: unknown[]) {
  within.getStore()?.statements.push(textOf(args[0]));
  return query.apply(this, args);
};

/** Counts what the requests that arrive during `ask` make a shop do. Not for two at a time; import it before the shop starts. */
export async function countWork({ shop }: TestShop, ask: () => Promise<unknown>): Promise<Work> {
  const work: Work = { calls: [], statements: [] };
  const undo: (() => void)[] = [];
  for (const [name, { server }] of shop.subgraphs) {
    const execute = server.execute;
    undo.push(() => void (server.execute = execute));
    server.execute = (...args) => {
      work.calls.push(name);
      return within.run(work, () => execute(...args));
    };
  }
  try {
    await ask();
  } finally {
    undo.forEach((restore) => restore());
  }
  return work;
}

function textOf(query: unknown): string {
  return typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : String(query);
}
