import { logLevels, readEnvironment } from '@shop/platform/config';
import { z } from 'zod';

const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'an address that starts with postgresql://' });
/** A store of another kind has its own way of making it. */
const databaseUrl = z.url({ error: 'an address of a database' });

const environmentSchema = z.object({
  LOG_LEVEL: z.enum(logLevels).default('info'),
  POSTGRES_URL: postgresUrl,
  USERS_DATABASE_URL: databaseUrl,
  CATALOG_DATABASE_URL: databaseUrl,
  CART_DATABASE_URL: databaseUrl,
  ORDERS_DATABASE_URL: databaseUrl,
  PAYMENTS_DATABASE_URL: databaseUrl,
  INVENTORY_DATABASE_URL: databaseUrl,
  NOTIFICATIONS_DATABASE_URL: databaseUrl,
});

export interface DatabasesSettings {
  logLevel: string;
  /** As somebody who may create roles and databases. */
  postgresUrl: string;
  /** As each subgraph connects. */
  databaseUrls: readonly string[];
}

/** Throws ConfigError that names every fault. */
export function readDatabasesEnv(environment: NodeJS.ProcessEnv = process.env): DatabasesSettings {
  const { LOG_LEVEL, POSTGRES_URL, ...urls } = readEnvironment(environmentSchema, environment);
  return { logLevel: LOG_LEVEL, postgresUrl: POSTGRES_URL, databaseUrls: Object.values(urls).filter((url) => url.startsWith('postgres')) };
}
