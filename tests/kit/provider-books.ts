import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ledger } from '@shop/standalone/card-sandbox/ledger';
import type { ProviderBooks } from './ledger.js';

/** Of a card sandbox in another process: read from a copy of its journal, which is what it would know after a restart. */
export function providerBooks(journal: string): ProviderBooks {
  const read = async <T>(work: (ledger: Ledger) => T): Promise<T> => {
    const folder = await mkdtemp(join(tmpdir(), 'card-sandbox-'));
    const copy = join(folder, 'journal');
    await copyFile(journal, copy);
    try {
      await using ledger = await Ledger.open(copy);
      return work(ledger);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
  return {
    intents: () => read((ledger) => [...ledger.intents()]),
    pendingWebhooks: () => read((ledger) => ledger.undelivered().length),
  };
}
