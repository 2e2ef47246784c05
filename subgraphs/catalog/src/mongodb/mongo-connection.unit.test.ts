import 'reflect-metadata';
import { expect, it } from 'vitest';
import { connectMongo } from './mongo-connection.js';

it('a write is on the disks of a majority, and a read is of a majority, whatever the URL says', async () => {
  const url = 'mongodb://127.0.0.1:1/shop?w=1&journal=false&readConcernLevel=local&readPreference=secondary&retryWrites=false';
  const orm = await connectMongo({ url });
  const { writeConcern, readConcern, readPreference, retryWrites } = orm.em.getConnection().getClient().options;
  expect(writeConcern).toMatchObject({ w: 'majority', j: true });
  expect(readConcern).toMatchObject({ level: 'majority' });
  expect(readPreference.mode).toBe('primary');
  expect(retryWrites).toBe(true);
  expect(orm.em.getConnection().getDb().databaseName).toBe('shop');
  await orm.close(true);
});

it.each([
  ['mongodb://one:27017,two:27017/shop?replicaSet=rs0', 'shop'],
  ['mongodb://name:secret@one/', 'catalog'],
  ['mongodb://one?replicaSet=rs0', 'catalog'],
])('%s names the database %s', async (url, name) => {
  const orm = await connectMongo({ url });
  expect(orm.em.getConnection().getDb().databaseName).toBe(name);
  await orm.close(true);
});
