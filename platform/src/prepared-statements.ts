import { createHash } from 'node:crypto';

/** The part of a `pg` client that is needed here. */
interface Client {
  query(...parameters: unknown[]): unknown;
}

interface ClientPool {
  on(event: 'connect', listen: (client: Client) => void): unknown;
}

/** Each connection keeps a plan for this many texts at most; more would be texts that are made up at run time. */
const MAX_STATEMENTS = 500;

/**
 * Has statements with placeholders prepared once a connection instead of parsed every time. Only texts that name their columns: a
 * prepared `select *` would fail on connections that were open while a migration added one.
 */
export function prepareRepeatedStatements(pool: ClientPool): void {
  pool.on('connect', (client) => {
    const query = client.query.bind(client);
    client.query = (text, values, ...rest) => {
      const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? statementName(text) : null;
      return name === null ? query(text, values, ...rest) : query({ name, text, values }, ...rest);
    };
  });
}

const names = new Map<string, string | null>();

function statementName(text: string): string | null {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= MAX_STATEMENTS) return null;
  const name = /(?:select|returning|\.)\s*\*/i.test(text) ? null : createHash('sha256').update(text).digest('base64url').slice(0, 24);
  names.set(text, name);
  return name;
}
