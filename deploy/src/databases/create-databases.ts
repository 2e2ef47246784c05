import pg from 'pg';

/**
 * Makes each database and the role that owns it, both as its URL names them; what is there stays, but gets the password of the URL. No other
 * role of these may connect to it. May be repeated. Throws when the server cannot be reached or the URL's role may not create.
 */
export async function createDatabases(postgresUrl: string, databaseUrls: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    for (const url of databaseUrls) await createDatabase(client, new URL(url));
  } finally {
    await client.end();
  }
}

async function createDatabase(client: pg.Client, { username, password, pathname }: URL): Promise<void> {
  const [role, database] = [decodeURIComponent(username), decodeURIComponent(pathname.slice(1))];
  const [roleName, databaseName] = [client.escapeIdentifier(role), client.escapeIdentifier(database)];
  const secret = client.escapeLiteral(decodeURIComponent(password));
  const exists = async (text: string, name: string) => (await client.query(text, [name])).rowCount === 1;
  const hasRole = await exists('select from pg_roles where rolname = $1', role);
  await client.query(`${hasRole ? 'alter' : 'create'} role ${roleName} login password ${secret}`);
  if (!(await exists('select from pg_database where datname = $1', database)))
    await client.query(`create database ${databaseName} owner ${roleName}`);
  await client.query(`revoke connect on database ${databaseName} from public`);
}
