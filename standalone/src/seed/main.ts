// Fills empty stores with the sample shop, once: `node dist/seed/main.js`. Search finds it by its own rebuild, so this runs before search starts.
import { mkdir } from 'node:fs/promises';
import { runOnce } from '@shop/platform/process';
import { importIntents } from '../card-sandbox/card-sandbox.js';
import { Ledger } from '../card-sandbox/ledger.js';
import { markSeeded, seedShop, wasSeeded } from '../sample-data/seed-shop.js';
import { seedSmallShop } from '../sample-data/small-shop.js';
import { readSeedEnv, type SeedSettings } from './config.js';

await runOnce('seed', readSeedEnv, async (settings, logger) => {
  await mkdir(settings.folder, { recursive: true });
  if (wasSeeded(settings.folder)) return logger.info('the sample data is there already');
  await seed(settings);
  await markSeeded(settings.folder, new Date());
  logger.info('the sample data is in');
});

/** Throws, with nothing lost, where an earlier run was interrupted: its rows are in the way. Empty stores are needed then. */
async function seed({ databaseUrl, cardSandboxJournal, shop, stockPerSku }: SeedSettings): Promise<void> {
  if (shop === 'small') return seedSmallShop({ databaseUrl, stockPerSku });
  const intents = await seedShop(databaseUrl, new Date());
  await using ledger = await Ledger.open(cardSandboxJournal);
  await importIntents(ledger, intents);
}
