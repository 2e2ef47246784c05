import { envPostgresUrl, logLevels, readEnvironment } from '@shop/platform/config';
import { databaseUrlVariables } from '@shop/standalone/database-urls-config';
import { z } from 'zod';

const environmentSchema = z.object({
  LOG_LEVEL: z.enum(logLevels).default('info'),
  POSTGRES_URL: envPostgresUrl,
  ...databaseUrlVariables,
});

export interface DatabasesSettings {
  logLevel: string;
  /** As somebody who may create roles and databases. */
  postgresUrl: string;
  /** As each subgraph connects whose database is a PostgreSQL; a store of another kind has its own way of making it. */
  databaseUrls: readonly string[];
}

/** Throws ConfigError that names every fault. */
export function readDatabasesEnv(environment: NodeJS.ProcessEnv = process.env): DatabasesSettings {
  const { LOG_LEVEL, POSTGRES_URL, ...urls } = readEnvironment(environmentSchema, environment);
  return { logLevel: LOG_LEVEL, postgresUrl: POSTGRES_URL, databaseUrls: Object.values(urls).filter((url) => url.startsWith('postgres')) };
}
