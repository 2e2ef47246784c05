/** Subgraphs that keep a database of their own; search keeps its index in memory. */
export const SUBGRAPHS_WITH_DATABASE = ['users', 'catalog', 'cart', 'orders', 'payments', 'inventory', 'notifications'] as const;

export type SubgraphWithDatabase = (typeof SUBGRAPHS_WITH_DATABASE)[number];

/** A PostgreSQL server that databases can be made on. */
export interface DatabaseServer {
  url(database: string): string;
  createDatabase(name: string): Promise<void>;
  databaseExists(name: string): Promise<boolean>;
}

/** One database a subgraph, named `<prefix>_<subgraph>`; those that are missing are created, empty. Returns how to reach each. */
export async function shopDatabases(server: DatabaseServer, prefix: string): Promise<(subgraph: string) => string> {
  const names = SUBGRAPHS_WITH_DATABASE.map((subgraph) => `${prefix}_${subgraph}`);
  const exist = await Promise.all(names.map((name) => server.databaseExists(name)));
  for (const name of names.filter((_, place) => !exist[place])) await server.createDatabase(name);
  return (subgraph) => server.url(`${prefix}_${subgraph}`);
}
