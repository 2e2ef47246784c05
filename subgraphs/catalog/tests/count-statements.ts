import { createRequire } from 'node:module';

/** The driver's own copy of pg: patching another one would count nothing. */
const driver = createRequire(createRequire(import.meta.url).resolve('@mikro-orm/postgresql'));
const { Client } = driver('pg') as { Client: { prototype: { query: (...args: unknown[]) => unknown } } };

const texts: string[] = [];

// From the beginning: a connection remembers the method that it had when it was made.
const query = Client.prototype.query;
Client.prototype.query = function (this: unknown, ...args: unknown[]) {
  texts.push(textOf(args[0]));
  return query.apply(this, args);
};

/** How many statements this process sends to PostgreSQL while `work` runs; the relay's polling is none of them. Import it before a database is opened. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const before = texts.length;
  await work();
  return texts.slice(before).filter((text) => !/outbox|published_version < version/.test(text)).length;
}

function textOf(query: unknown): string {
  return typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : String(query);
}
