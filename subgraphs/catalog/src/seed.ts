import type { Amount } from '@shop/platform/money';
import { Category } from './category.entity.js';
import { openCatalogStore } from './open-catalog-store.js';
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
 * Fills an empty catalog, migrations included; on PostgreSQL in one transaction. No event is sent: whoever keeps a copy reads it from the
 * catalog at its start. Throws when a slug or SKU is there already.
 */
export async function seedCatalog(databaseUrl: string, { categories, products }: CatalogSeed): Promise<void> {
  await using store = await openCatalogStore({ url: databaseUrl });
  await store.migrate();
  await store.seed(
    categories.map(({ id: _id, ...category }) => Object.assign(new Category(), { _id, ...category })),
    products.map(productOf),
  );
}

function productOf({ id, createdAt, ...content }: SeedProduct): Product {
  const marks = { _id: id, version: 1, publishedVersion: 1, createdAt, updatedAt: createdAt };
  return Object.assign(new Product(), documentOf(content), marks);
}
