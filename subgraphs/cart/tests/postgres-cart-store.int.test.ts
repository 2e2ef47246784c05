import { openDatabase, type Database } from '@shop/platform/database';
import { createTestDatabase, type TestDatabase } from '@shop/tests/kit/postgres';
import { afterAll, beforeAll, describe } from 'vitest';
import { cartMigrations } from '../src/migrations.js';
import { postgresCartStore } from '../src/postgres-cart-store.js';
import { cartStoreContract } from './cart-store.contract.js';

let place: TestDatabase;
let db: Database;

beforeAll(async () => {
  place = await createTestDatabase();
  db = await openDatabase({ url: place.url, entities: [], migrations: cartMigrations });
  await db.migrate();
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

describe('the cart store in PostgreSQL', () => {
  cartStoreContract(() => postgresCartStore(db, { guestCartDays: 90 }));
});
