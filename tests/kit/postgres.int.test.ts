import pg from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase } from './postgres.js';

const ask = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

test('a test database is a real PostgreSQL 18 of its own', async () => {
  await using one = await createTestDatabase();
  await using other = await createTestDatabase();
  await ask(one.url, 'CREATE TABLE only_here (id int)');
  expect(await ask(other.url, "SELECT to_regclass('only_here') AS found")).toEqual([{ found: null }]);
  expect(await ask(one.url, "SELECT current_setting('server_version_num')::int / 10000 AS major")).toEqual([{ major: 18 }]);
});

test('a test database may start as a copy of another', async () => {
  await using original = await createTestDatabase();
  await ask(original.url, 'CREATE TABLE kept AS SELECT 7 AS n');
  await using copy = await createTestDatabase({ template: original.name });
  expect(await ask(copy.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('disposing drops the database although a connection is open', async () => {
  const database = await createTestDatabase();
  const forgotten = new pg.Client({ connectionString: database.url });
  const cutOff = new Promise<Error>((resolve) => forgotten.on('error', resolve));
  await forgotten.connect();
  await database[Symbol.asyncDispose]();
  expect((await cutOff).message).toContain('terminating connection');
  await expect(ask(database.url, 'SELECT 1')).rejects.toThrow('does not exist');
});
