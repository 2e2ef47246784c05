import { readEnvironment } from '@shop/platform/config';
import { z } from 'zod';
import { SERVICES, type Service } from './services.js';

const url = z.url({ error: 'an address' }).optional();

const environmentSchema = z.object({
  USERS_DATABASE_URL: url,
  CATALOG_DATABASE_URL: url,
  CART_DATABASE_URL: url,
  ORDERS_DATABASE_URL: url,
  PAYMENTS_DATABASE_URL: url,
  INVENTORY_DATABASE_URL: url,
  NOTIFICATIONS_DATABASE_URL: url,
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
  const named: Record<Service, string | undefined> = {
    users: env.USERS_DATABASE_URL,
    catalog: env.CATALOG_DATABASE_URL,
    cart: env.CART_DATABASE_URL,
    orders: env.ORDERS_DATABASE_URL,
    payments: env.PAYMENTS_DATABASE_URL,
    inventory: env.INVENTORY_DATABASE_URL,
    notifications: env.NOTIFICATIONS_DATABASE_URL,
  };
  const databaseUrls: Partial<Record<Service, string>> = {};
  for (const service of SERVICES) if (named[service] !== undefined) databaseUrls[service] = named[service];
  return { databaseUrls, postgresUrl: env.POSTGRES_URL ?? null, shopFolder: env.SHOP_FOLDER, natsUrl: env.NATS_URL ?? null };
}
