import { resolve } from 'node:path';
import type { Sql } from '@shop/platform/sql';
import { urlOfRunning } from '@shop/standalone/embedded-postgres';
import pg from 'pg';
import { z } from 'zod';
import { projectRoot } from '../project-root.js';
import type { EventsSettings } from './config.js';
import type { Service } from './services.js';

/** The catalog may lie in another kind of database. */
export const isPostgres = (url: string): boolean => /^postgres(ql)?:/.test(url);

/** Why a command can't be carried out, as a sentence for whoever typed it. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

export interface ServiceDatabases extends AsyncDisposable {
  /** Throws `Refused` when the service's database is not known or does not answer. */
  of(service: Service): Promise<Sql>;
  /** How its database is reached; not necessarily a PostgreSQL. */
  urlOf(service: Service): Promise<string>;
}

/**
 * The services' databases: each by its own variable, else on the server of POSTGRES_URL by the service's name, else those of a shop that
 * `npm start` runs. Connects when first asked.
 */
export function serviceDatabases(settings: EventsSettings): ServiceDatabases {
  const pools = new Map<string, pg.Pool>();
  const sqlAt = (url: string): Sql => {
    const pool = pools.get(url) ?? connectedPool(url);
    pools.set(url, pool);
    return sqlOn(pool);
  };
  const urlOf = async (service: Service): Promise<string> => {
    const own = settings.databaseUrls[service];
    if (own !== undefined) return own;
    const urlFor = settings.postgresUrl === null ? urlInShop(settings.shopFolder) : urlOn(settings.postgresUrl);
    const names = [service, `shop_${service}`];
    const found = await sqlAt(urlFor('postgres')).rows(
      z.object({ datname: z.string() }),
      'select datname from pg_database where datname = any($1) order by datname',
      [names],
    );
    const name = found[0]?.datname;
    if (name === undefined) throw new Refused(`No database of ${service}: neither ${names.join(' nor ')} is on that server.`);
    return urlFor(name);
  };
  return {
    urlOf: (service) => urlOf(service).catch((cause: unknown) => refuse(service, cause)),
    of: async (service) => {
      try {
        const sql = sqlAt(await urlOf(service));
        await sql.rows(z.unknown(), 'select 1');
        return sql;
      } catch (cause) {
        return refuse(service, cause);
      }
    },
    [Symbol.asyncDispose]: async () => void (await Promise.all([...pools.values()].map((pool) => pool.end()))),
  };
}

function connectedPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 5_000, query_timeout: 60_000 });
  // A connection that breaks while nobody uses it fails nobody.
  pool.on('error', () => undefined);
  return pool;
}

function refuse(service: Service, cause: unknown): never {
  if (cause instanceof Refused) throw cause;
  const why = cause instanceof AggregateError ? String(cause.errors[0]) : cause instanceof Error ? cause.message : String(cause);
  throw new Refused(`The database of ${service} can't be reached: ${why}`, { cause });
}

function urlOn(server: string): (database: string) => string {
  return (database) => {
    const url = new URL(server);
    url.pathname = `/${database}`;
    return url.href;
  };
}

function urlInShop(folder: string): (database: string) => string {
  try {
    return urlOfRunning(resolve(projectRoot, folder, 'postgres'));
  } catch (cause) {
    const advice = 'Start the shop (npm start), or name the databases: ORDERS_DATABASE_URL and so on, or POSTGRES_URL for all.';
    throw new Refused(`No shop was ever started in ${folder}. ${advice}`, { cause });
  }
}

function sqlOn(pool: pg.Pool): Sql {
  return {
    rows: async (schema, text, parameters = []) => (await pool.query(text, [...parameters])).rows.map((row: unknown) => schema.parse(row)),
    run: async (text, parameters = []) => (await pool.query(text, [...parameters])).rowCount ?? 0,
  };
}
