import type { Database } from '@shop/platform/database';
import { openTestDatabase } from '@shop/tests/kit/database';
import { beforeAll, describe } from 'vitest';
import { cartMigrations } from '../src/migrations.js';
import { postgresCartStore } from '../src/postgres-cart-store.js';
import { cartStoreContract } from './cart-store.contract.js';

let db: Database;

beforeAll(async () => {
  const opened = await openTestDatabase(cartMigrations);
  db = opened.db;
  return () => opened[Symbol.asyncDispose]();
});

describe('the cart store in PostgreSQL', () => {
  cartStoreContract(() => postgresCartStore(db, { guestCartDays: 90 }));
});
