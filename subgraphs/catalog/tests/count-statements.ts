import { createRequire } from 'node:module';

/** The driver's own copy of pg: patching another one would count nothing. */
const driver = createRequire(createRequire(import.meta.url).resolve('@mikro-orm/postgresql'));
const { Client } = driver('pg') as { Client: { prototype: { query: (...args: unknown[]) => unknown } } };

/** How many statements this process sends to PostgreSQL while `work` runs; the relay's polling is none of them. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const original = Client.prototype.query;
  const texts: string[] = [];
  Client.prototype.query = function (this: unknown, ...args: unknown[]) {
    texts.push(textOf(args[0]));
    return original.apply(this, args);
  };
  try {
    await work();
  } finally {
    Client.prototype.query = original;
  }
  return texts.filter((text) => !/outbox|published_version < version/.test(text)).length;
}

function textOf(query: unknown): string {
  return typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : String(query);
}
