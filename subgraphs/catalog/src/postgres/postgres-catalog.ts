import { openDatabase } from '@shop/platform/database';
import type { CatalogStore, CatalogStoreOptions } from '../catalog-store.js';
import { Category } from '../category.entity.js';
import { CreateCatalog } from '../migrations/create-catalog.js';
import { OrderAllProducts } from '../migrations/order-all-products.js';
import { Product } from '../product.entity.js';
import { postgresProducts } from './postgres-products.js';

/** The tables, and how they came to be. */
export const catalogTables = { entities: [Product, Category], migrations: [CreateCatalog, OrderAllProducts] };

export async function openPostgresCatalog({ url, poolSize = 8 }: CatalogStoreOptions): Promise<CatalogStore> {
  const db = await openDatabase({ url, ...catalogTables, poolSize });
  return {
    products: postgresProducts(db),
    newUnit: () => db.em(),
    sql: db,
    migrate: () => db.migrate(),
    ping: () => db.ping(),
    seed: (categories, products) =>
      db.longTransaction(async ({ em }) => {
        for (const batch of batches(categories)) await em.insertMany(Category, batch);
        for (const batch of batches(products)) await em.insertMany(Product, batch);
      }),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

/** A statement takes 65,535 parameters at most. Plain objects: the ORM would watch over entities. */
function* batches<T extends object>(entries: readonly T[], size = 500): Generator<T[]> {
  for (let start = 0; start < entries.length; start += size) yield entries.slice(start, start + size).map((entry) => ({ ...entry }));
}
