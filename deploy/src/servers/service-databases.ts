import pg from 'pg';

/**
 * A database and a role of the same name for each service, on the server that `adminUrl` names (as its superuser). Only its role may connect
 * to a database, and the role may connect to no other. What exists is kept; the password is set anew. Returns each service's URL.
 */
export async function serviceDatabases(
  adminUrl: string,
  services: readonly string[],
  passwordOf: (service: string) => string,
): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    for (const service of services) await ensure(client, service, passwordOf(service));
  } finally {
    await client.end();
  }
  return Object.fromEntries(services.map((service) => [service, urlFor(adminUrl, service, passwordOf(service))]));
}

async function ensure(client: pg.Client, service: string, password: string): Promise<void> {
  const name = client.escapeIdentifier(service);
  const has = async (text: string) => (await client.query(text, [service])).rowCount === 1;
  if (!(await has('select from pg_roles where rolname = $1'))) await client.query(`create role ${name} login`);
  await client.query(`alter role ${name} password ${client.escapeLiteral(password)}`);
  if (!(await has('select from pg_database where datname = $1'))) await client.query(`create database ${name} owner ${name}`);
  await client.query(`revoke all on database ${name} from public`);
}

function urlFor(adminUrl: string, service: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = service;
  url.password = password;
  url.pathname = `/${service}`;
  return url.href;
}
