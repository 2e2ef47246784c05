import type { productChanged } from '@shop/events/catalog';
import type { stockChanged } from '@shop/events/inventory';
import type { ProductPagesQuery } from '@shop/generated/catalog/graphql';
import type { z } from 'zod';
import type { IndexedProduct, StockLevel } from './product-index.js';

type ProductEvent = z.output<typeof productChanged.data>;
type StockEvent = z.output<typeof stockChanged.data>;
type CatalogProduct = ProductPagesQuery['products']['nodes'][number];
type Named = IndexedProduct['categories'][number];

/** What product-changed tells of a product, as the index keeps it. */
export function productOfEvent({ productId, categories, variants, createdAt, updatedAt, ...product }: ProductEvent): IndexedProduct {
  return {
    ...product,
    id: productId,
    categories: eachOnce(categories.flatMap(({ slug, name, path }) => [{ slug, name }, ...path])),
    variants: variants.map(({ sku, price }) => ({ sku, price })),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  };
}

/** A product as catalog answers it, as the index keeps it: the same as of the event of that version. */
export function productOfCatalog({ brand, categories, createdAt, updatedAt, ...product }: CatalogProduct): IndexedProduct {
  return {
    ...product,
    brand: brand ?? null,
    categories: eachOnce(categories.flatMap(withAncestors)),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  };
}

export function stockOf({ sku, available, version }: Pick<StockEvent, 'sku' | 'available' | 'version'>): StockLevel {
  return { sku, inStock: available > 0, version };
}

interface Category extends Named {
  parent?: Category | null;
}

function withAncestors({ slug, name, parent }: Category): Named[] {
  return [...(parent ? withAncestors(parent) : []), { slug, name }];
}

function eachOnce(categories: readonly Named[]): Named[] {
  return [...new Map(categories.map(({ slug, name }) => [slug, { slug, name }])).values()];
}
