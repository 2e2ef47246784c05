import { envCount, logLevels, readEnvironment } from '@shop/platform/config';
import { z } from 'zod';
import type { SUBGRAPHS_WITH_DATABASE } from '../shop-databases.js';

const databaseUrl = z.url({ error: 'an address of a database' });

const environmentSchema = z.object({
  LOG_LEVEL: z.enum(logLevels).default('info'),
  USERS_DATABASE_URL: databaseUrl,
  CATALOG_DATABASE_URL: databaseUrl,
  CART_DATABASE_URL: databaseUrl,
  ORDERS_DATABASE_URL: databaseUrl,
  PAYMENTS_DATABASE_URL: databaseUrl,
  INVENTORY_DATABASE_URL: databaseUrl,
  NOTIFICATIONS_DATABASE_URL: databaseUrl,
  CARD_SANDBOX_JOURNAL: z.string().min(1),
  SEED_FOLDER: z.string().min(1),
  SEED_SHOP: z.enum(['sample', 'small']).default('sample'),
  SEED_STOCK_PER_SKU: envCount.default(100),
});

export interface SeedSettings {
  logLevel: string;
  databaseUrl(subgraph: string): string;
  /** The card sandbox's journal, which must not run meanwhile. */
  cardSandboxJournal: string;
  /** Where it is remembered that all is in. */
  folder: string;
  /** The whole sample shop, or 24 products for tests. */
  shop: 'sample' | 'small';
  /** Of the small shop. */
  stockPerSku: number;
}

/** Throws ConfigError that names every fault. */
export function readSeedEnv(environment: NodeJS.ProcessEnv = process.env): SeedSettings {
  const env = readEnvironment(environmentSchema, environment);
  const urls: Record<(typeof SUBGRAPHS_WITH_DATABASE)[number], string> = {
    users: env.USERS_DATABASE_URL,
    catalog: env.CATALOG_DATABASE_URL,
    cart: env.CART_DATABASE_URL,
    orders: env.ORDERS_DATABASE_URL,
    payments: env.PAYMENTS_DATABASE_URL,
    inventory: env.INVENTORY_DATABASE_URL,
    notifications: env.NOTIFICATIONS_DATABASE_URL,
  };
  const isOne = (name: string): name is keyof typeof urls => name in urls;
  return {
    logLevel: env.LOG_LEVEL,
    databaseUrl: (subgraph) => {
      if (!isOne(subgraph)) throw new Error(`${subgraph} has no database.`);
      return urls[subgraph];
    },
    cardSandboxJournal: env.CARD_SANDBOX_JOURNAL,
    folder: env.SEED_FOLDER,
    shop: env.SEED_SHOP,
    stockPerSku: env.SEED_STOCK_PER_SKU,
  };
}
