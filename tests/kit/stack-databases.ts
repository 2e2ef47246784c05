import type { Stack } from '@shop/deploy/stack/stack';
import pg from 'pg';

export interface StackDatabases extends AsyncDisposable {
  sql(subgraph: string, text: string, parameters?: unknown[]): Promise<Record<string, unknown>[]>;
}

/** Each as the subgraph itself connects, which may do everything there and nothing elsewhere. */
export function databasesOf(stack: Stack): StackDatabases {
  const pools = new Map<string, pg.Pool>();
  const poolOf = (subgraph: string): pg.Pool => {
    const pool = pools.get(subgraph) ?? new pg.Pool({ connectionString: stack.environmentOf(subgraph)['DATABASE_URL'], max: 2 });
    if (!pools.has(subgraph)) pool.on('error', () => undefined);
    pools.set(subgraph, pool);
    return pool;
  };
  return {
    sql: async (subgraph, text, parameters = []) => (await poolOf(subgraph).query<Record<string, unknown>>(text, parameters)).rows,
    [Symbol.asyncDispose]: async () => {
      for (const pool of pools.values()) await pool.end();
    },
  };
}
