import { openDatabase } from '@shop/platform/database';
import { PLATFORM_TABLES } from '@shop/platform/platform-tables.migration';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { expect, test } from 'vitest';
import { catalogTables } from '../src/postgres/postgres-catalog.js';

/** Kept by a trigger; the entities know nothing of it. */
const own = ['sku_claim'];

test('the migrated tables have what the entities need', async () => {
  await using database = await createTestDatabase();
  await using db = await openDatabase({ url: database.url, ...catalogTables });
  await db.migrate();
  const sql = await db.orm.schema.getUpdateSchemaSQL({ safe: true, dropTables: false });
  const known = new RegExp(`"(?:${[...PLATFORM_TABLES, ...own].join('|')})"`);
  const missing = sql
    .split(';\n')
    .filter((statement) => /add column|alter column .* type|create table/i.test(statement) && !known.test(statement));
  expect(missing).toEqual([]);
});
