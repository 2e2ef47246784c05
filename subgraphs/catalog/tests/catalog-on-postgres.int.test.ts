import { openDatabase } from '@shop/platform/database';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { describe } from 'vitest';
import { catalogTables } from '../src/postgres/postgres-catalog.js';
import { catalogStoreContract } from './catalog-store.contract.js';
import { countStatements } from './count-statements.js';
import type { CatalogPlace } from './harness.js';

async function make(): Promise<CatalogPlace> {
  const database = await createTestDatabase();
  return {
    url: database.url,
    forgetSent: async (productId) => {
      await using db = await openDatabase({ url: database.url, ...catalogTables });
      await db.run(`update product set published_version = 1 where _id = $1`, [productId]);
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

describe('the catalog on PostgreSQL', () => catalogStoreContract({ make, countStatements }));
