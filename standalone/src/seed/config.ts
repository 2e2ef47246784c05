import { envCount, logLevels, readEnvironment } from '@shop/platform/config';
import { z } from 'zod';
import { databaseUrlVariableOf, databaseUrlVariables } from '../database-urls-config.js';
import { SUBGRAPHS_WITH_DATABASE } from '../shop-databases.js';

const environmentSchema = z.object({
  LOG_LEVEL: z.enum(logLevels).default('info'),
  ...databaseUrlVariables,
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
  return {
    logLevel: env.LOG_LEVEL,
    databaseUrl: (subgraph) => {
      const known = SUBGRAPHS_WITH_DATABASE.find((name) => name === subgraph);
      if (known === undefined) throw new Error(`${subgraph} has no database.`);
      return env[databaseUrlVariableOf[known]];
    },
    cardSandboxJournal: env.CARD_SANDBOX_JOURNAL,
    folder: env.SEED_FOLDER,
    shop: env.SEED_SHOP,
    stockPerSku: env.SEED_STOCK_PER_SKU,
  };
}
