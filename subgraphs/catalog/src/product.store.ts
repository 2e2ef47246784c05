import { raw, UniqueConstraintViolationException, type FilterQuery } from '@mikro-orm/core';
import type { Database } from '@shop/platform/database';
import { Product } from './product.entity.js';
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

export function findProducts(db: Database, { ids = [], slugs = [], skus = [], variantIds = [] }: ProductKeys): Promise<Product[]> {
  const alternatives: FilterQuery<Product>[] = [
    ...(ids.length > 0 ? [{ _id: { $in: [...ids] } }] : []),
    ...(slugs.length > 0 ? [{ slug: { $in: [...slugs] } }] : []),
    ...(skus.length > 0 ? [{ skus: overlaps(skus) }] : []),
    ...(variantIds.length > 0 ? [{ variantIds: overlaps(variantIds) }] : []),
  ];
  return alternatives.length > 0 ? db.em().find(Product, { $or: alternatives }) : Promise.resolve([]);
}

/** Inserts a product, or says which of its names another one has. */
export function insertProduct(db: Database, product: Product): Promise<WriteOutcome> {
  return claiming(db, product._id, product, async () => {
    await db.em().insert(Product, product);
    return { kind: 'written' };
  });
}

/** Writes `document` as version `expectedVersion + 1` if the product still is at `expectedVersion`: one conditional update. */
export function replaceProduct(
  db: Database,
  id: string,
  expectedVersion: number,
  document: ProductDocument,
  now: Date,
): Promise<WriteOutcome> {
  return claiming(db, id, document, async () => {
    const change = { ...document, version: expectedVersion + 1, updatedAt: now };
    const written = await db.em().nativeUpdate(Product, { _id: id, version: expectedVersion }, change);
    return { kind: written === 1 ? 'written' : 'version-differs' };
  });
}

/** Products whose newest version was not sent, oldest change first. */
export function findUnpublished(db: Database, limit: number): Promise<Product[]> {
  return db.em().find(Product, sentBehindVersion(), { orderBy: { updatedAt: 'asc' }, limit });
}

/** Moves the mark up to the version that was sent; a higher mark stays. */
export async function markPublished(db: Database, id: string, version: number): Promise<void> {
  await db.em().nativeUpdate(Product, { _id: id, publishedVersion: { $lt: version } }, { publishedVersion: version });
}

async function claiming(
  db: Database,
  id: string,
  { slug, skus }: Pick<Product, 'slug' | 'skus'>,
  write: () => Promise<WriteOutcome>,
): Promise<WriteOutcome> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    const others = (await findProducts(db, { slugs: [slug], skus })).filter((other) => other._id !== id);
    if (others.some((other) => other.slug === slug)) return { kind: 'slug-taken' };
    const taken = new Set(others.flatMap((other) => other.skus));
    if (taken.size === 0) throw error;
    return { kind: 'skus-taken', skus: skus.filter((sku) => taken.has(sku)) };
  }
}

// What differs between the stores. MongoDB says `{ $in: values }` and `{ $expr: { $lt: ['$publishedVersion', '$version'] } }`.

/** The array has one of `values`. */
export function overlaps(values: readonly string[]): { $overlap: string[] } {
  return { $overlap: [...values] };
}

function sentBehindVersion(): FilterQuery<Product> {
  return { [raw('published_version < version')]: [] };
}
