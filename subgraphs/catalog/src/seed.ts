import { openDatabase } from '@shop/platform/database';
import type { Amount } from '@shop/platform/money';
import { Category } from './category.entity.js';
import { catalogStore } from './catalog-store.js';
import { Product, type TaxClass } from './product.entity.js';
import { documentOf } from './product.js';

export interface SeedCategory {
  id: string;
  slug: string;
  name: string;
  parentId: string | null;
  position: number;
}

export interface SeedProduct {
  id: string;
  slug: string;
  name: string;
  description: string;
  brand: string | null;
  status: 'DRAFT' | 'PUBLISHED' | 'ARCHIVED';
  taxClass: TaxClass;
  categoryIds: string[];
  images: { url: string; alt: string; width: number | null; height: number | null }[];
  attributes: { name: string; value: string }[];
  options: { name: string; values: string[] }[];
  variants: {
    id: string;
    sku: string;
    name: string;
    optionValues: { name: string; value: string }[];
    price: Amount;
    compareAtPrice: Amount | null;
    weightGrams: number;
  }[];
  createdAt: Date;
}

/** Image addresses may be paths, completed by `mediaBaseUrl` when they are read. */
export interface CatalogSeed {
  /** Parents before their children. */
  categories: readonly SeedCategory[];
  products: readonly SeedProduct[];
}

/**
 * Fills an empty catalog in one transaction, migrations included. No event is sent: whoever keeps a copy reads it from the catalog at
 * its start. Throws when a slug or SKU is there already, and writes nothing then.
 */
export async function seedCatalog(databaseUrl: string, { categories, products }: CatalogSeed): Promise<void> {
  await using db = await openDatabase({ url: databaseUrl, ...catalogStore });
  await db.migrate();
  await db.transaction(async ({ em }) => {
    for (const batch of batches(categories))
      await em.insertMany(
        Category,
        batch.map(({ id: _id, ...category }) => ({ _id, ...category })),
      );
    for (const batch of batches(products)) await em.insertMany(Product, batch.map(rowOf));
  });
}

function rowOf({ id, createdAt, ...content }: SeedProduct) {
  return { _id: id, ...documentOf(content), version: 1, publishedVersion: 1, createdAt, updatedAt: createdAt };
}

/** A statement takes 65,535 parameters at most. */
function* batches<T>(entries: readonly T[], size = 500): Generator<T[]> {
  for (let start = 0; start < entries.length; start += size) yield entries.slice(start, start + size);
}
