import { readEnvironment } from '@shop/platform/config';
import { databaseUrlVariableOf, databaseUrlVariables } from '@shop/standalone/database-urls-config';
import { z } from 'zod';
import { SERVICES, type Service } from './services.js';

const url = z.url({ error: 'an address' }).optional();

const environmentSchema = z.object({
  ...z.object({ ...databaseUrlVariables }).partial().shape,
  POSTGRES_URL: url,
  NATS_URL: url,
  SHOP_FOLDER: z.string().min(1).default('.shop'),
});

export interface EventsSettings {
  /** Each service's own database, where it is named. */
  databaseUrls: Partial<Record<Service, string>>;
  /** The server on which the others' databases are; null: the one that `npm start` has in its folder. */
  postgresUrl: string | null;
  /** The folder of `npm start`. */
  shopFolder: string;
  /** Null: the bus of one process. */
  natsUrl: string | null;
}

/** Throws ConfigError that names every fault. */
export function readEventsConfig(environment: NodeJS.ProcessEnv = process.env): EventsSettings {
  const env = readEnvironment(environmentSchema, environment);
  const databaseUrls: Partial<Record<Service, string>> = {};
  for (const service of SERVICES) {
    const url = env[databaseUrlVariableOf[service]];
    if (url !== undefined) databaseUrls[service] = url;
  }
  return { databaseUrls, postgresUrl: env.POSTGRES_URL ?? null, shopFolder: env.SHOP_FOLDER, natsUrl: env.NATS_URL ?? null };
}
