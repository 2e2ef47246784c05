import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { Product, ProductStatus } from './product.entity.js';
import type { ProductDocument } from './product.js';

/** Products by whatever names them, in one statement. */
export interface ProductKeys {
  ids?: readonly string[];
  slugs?: readonly string[];
  skus?: readonly string[];
  variantIds?: readonly string[];
}

export type WriteOutcome =
  | { kind: 'written' }
  | { kind: 'version-differs' }
  | { kind: 'slug-taken' }
  | { kind: 'skus-taken'; skus: string[] };

/** Which products a list has. */
export interface ProductCriteria {
  /** In any of these; undefined: in all. */
  categoryIds?: readonly string[] | undefined;
  brand?: string | null | undefined;
  status?: ProductStatus | null | undefined;
  updatedAfter?: Date | null | undefined;
}

/** What a list is sorted by; ids break ties, in the same direction. */
export interface ProductOrder {
  column: 'createdAt' | 'nameKey' | 'minPriceMinor';
  direction: 'asc' | 'desc';
}

/** Where a list goes on. */
export interface AfterProduct {
  value: string | number;
  id: string;
}

/** Every statement on products. A write is one conditional statement on one document, so that no store needs a transaction for it. */
export interface ProductStore {
  /** In no particular order; what is missing is left out. */
  find(keys: ProductKeys): Promise<Product[]>;
  /** The first `limit` products after that one, or from the beginning. */
  page(criteria: ProductCriteria, order: ProductOrder, after: AfterProduct | null, limit: number): Promise<Product[]>;
  count(criteria: ProductCriteria): Promise<number>;
  /** Inserts a product, or says which of its names another one has. */
  insert(product: Product): Promise<WriteOutcome>;
  /** Writes `document` as version `expectedVersion + 1` if the product still is at `expectedVersion`. */
  replace(id: string, expectedVersion: number, document: ProductDocument, now: Date): Promise<WriteOutcome>;
  /** Products whose newest version was not sent, oldest change first. */
  due(limit: number): Promise<Product[]>;
  /** Moves the mark up to the version that was sent, unless the mark is another one than when the product was read: moved on, or taken away. */
  markPublished(sent: Pick<Product, '_id' | 'version' | 'publishedVersion'>): Promise<void>;
}

/** Says of a write that broke a unique index which of the product's names another one has. */
export async function claiming(
  find: ProductStore['find'],
  id: string,
  { slug, skus }: Pick<Product, 'slug' | 'skus'>,
  write: () => Promise<WriteOutcome>,
): Promise<WriteOutcome> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    const others = (await find({ slugs: [slug], skus })).filter((other) => other._id !== id);
    if (others.some((other) => other.slug === slug)) return { kind: 'slug-taken' };
    const taken = new Set(others.flatMap((other) => other.skus));
    if (taken.size === 0) throw error;
    return { kind: 'skus-taken', skus: skus.filter((sku) => taken.has(sku)) };
  }
}
