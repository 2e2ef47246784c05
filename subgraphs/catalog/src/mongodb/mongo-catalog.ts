import type { MikroORM } from '@mikro-orm/core';
import type { MongoDriver } from '@mikro-orm/mongodb';
import type { CatalogStore, CatalogStoreOptions } from '../catalog-store.js';
import { Category } from '../category.entity.js';
import { Product } from '../product.entity.js';
import { indexFaults, INDEXES, type FoundIndex } from './indexes.js';
import { connectMongo } from './mongo-connection.js';
import { mongoProducts } from './mongo-products.js';

/** Few enough to be written in the time of one statement, also where the machine is busy. */
const DOCUMENTS_AT_ONCE = 50;
/** How long an index may take to be built. */
const BUILD_MS = 10 * 60_000;

/** The catalog as documents in MongoDB; no step of it needs a transaction over several of them. */
export async function openMongoCatalog(options: CatalogStoreOptions): Promise<CatalogStore> {
  const orm = await connectMongo(options);
  return {
    products: mongoProducts(orm),
    newUnit: () => orm.em.fork(),
    sql: null,
    migrate: () => makeIndexes(orm),
    ping: async () => void (await orm.em.getConnection().getDb().command({ ping: 1 })),
    seed: (categories, products) => seed(orm, categories, products),
    [Symbol.asyncDispose]: () => orm.close(true),
  };
}

async function makeIndexes(orm: MikroORM<MongoDriver>): Promise<void> {
  const connection = orm.em.getConnection();
  for (const name of ['category', 'product'] as const) {
    const declared = INDEXES.filter(({ collection }) => collection === name);
    const collection = connection.getCollection(name);
    const found: FoundIndex[] = await collection.listIndexes().toArray().catch(noneWithoutCollection);
    const missing = declared.filter((index) => !found.some((there) => there.name === index.name));
    for (const { key, name: index, unique } of missing)
      await collection.createIndex({ ...key }, { name: index, timeoutMS: BUILD_MS, ...(unique && { unique }) });
    const faults = indexFaults(declared, await collection.listIndexes().toArray());
    if (faults.length > 0) throw new Error(`The catalog's indexes are not as they should be: ${faults.join('; ')}`);
  }
}

const NAMESPACE_NOT_FOUND = 26;

function noneWithoutCollection(error: unknown): FoundIndex[] {
  if (error instanceof Error && 'code' in error && error.code === NAMESPACE_NOT_FOUND) return [];
  throw error;
}

/** Parts of it stay when it fails half-way; what is there already is looked for first. */
async function seed(orm: MikroORM<MongoDriver>, categories: readonly Category[], products: readonly Product[]): Promise<void> {
  const connection = orm.em.getConnection();
  for (const name of ['category', 'product']) {
    if ((await connection.getCollection(name).countDocuments({}, { limit: 1 })) > 0) throw new Error(`There is a ${name} already.`);
  }
  const em = orm.em.fork();
  for (const batch of batches(categories)) await em.insertMany(Category, batch);
  for (const batch of batches(products)) await em.insertMany(Product, batch);
  const published = { $expr: { $eq: ['$version', '$publishedVersion'] } };
  await connection.getCollection('product').updateMany(published, { $set: { sent: true } }, { timeoutMS: BUILD_MS });
}

/** Plain objects: the ORM would watch over entities. */
function* batches<T extends object>(entries: readonly T[], size = DOCUMENTS_AT_ONCE): Generator<T[]> {
  for (let start = 0; start < entries.length; start += size) yield entries.slice(start, start + size).map((entry) => ({ ...entry }));
}
