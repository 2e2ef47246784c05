import type { Database } from '@shop/platform/database';
import { openTestDatabase } from '@shop/tests/kit/database';
import { beforeAll, describe } from 'vitest';
import { cartMigrations } from '../src/migrations.js';
import { postgresCartStore, putBackRejected, takeOutOrdered } from '../src/postgres-cart-store.js';
import { cartStoreContract, type OrderFollower } from './cart-store.contract.js';

let db: Database;

beforeAll(async () => {
  const opened = await openTestDatabase(cartMigrations);
  db = opened.db;
  return () => opened[Symbol.asyncDispose]();
});

describe('the cart store in PostgreSQL', () => {
  const follower: OrderFollower = {
    takeOut: (order, _eventId, now) => db.transaction((tx) => takeOutOrdered(tx, order, now)),
    putBack: (order, now) => db.transaction((tx) => putBackRejected(tx, order, now)),
  };
  cartStoreContract(
    () => postgresCartStore(db, { guestCartDays: 90 }),
    () => follower,
  );
});
