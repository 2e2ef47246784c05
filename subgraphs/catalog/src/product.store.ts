import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { Database } from '@shop/platform/database';
import { z } from 'zod';
import { Product, type ProductStatus } from './product.entity.js';
import type { ProductDocument } from './product.js';
import { productColumns, productRow } from './product-rows.js';

// Every statement on products. Writes are the same in every store; reads are written for PostgreSQL.

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

/** In no particular order; what is missing is left out. */
export async function findProducts(db: Database, { ids, slugs, skus, variantIds }: ProductKeys): Promise<Product[]> {
  const named = [
    { condition: '_id = any', values: ids },
    { condition: 'slug = any', values: slugs },
    { condition: 'skus &&', values: skus },
    { condition: 'variant_ids &&', values: variantIds },
  ].flatMap(({ condition, values }) => (values?.length ? [{ condition, values }] : []));
  if (named.length === 0) return [];
  const where = named.map(({ condition }, index) => `${condition} ($${index + 1}::text[])`).join(' or ');
  return db.rows(
    productRow,
    `select ${productColumns} from product where ${where}`,
    named.map(({ values }) => values),
  );
}

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

/** The first `limit` products after the one with value `after.value` and id `after.id`, or from the beginning. */
export function findPage(
  db: Database,
  criteria: ProductCriteria,
  { column, direction }: ProductOrder,
  after: { value: string | number; id: string } | null,
  limit: number,
): Promise<Product[]> {
  const { conditions, values } = whereOf(criteria);
  const by = orderColumns[column];
  if (after) {
    conditions.push(`(${by}, _id) ${direction === 'asc' ? '>' : '<'} ($${values.length + 1}, $${values.length + 2})`);
    values.push(after.value, after.id);
  }
  return db.rows(
    productRow,
    `select ${productColumns} from product where ${conditions.join(' and ')} order by ${by} ${direction}, _id ${direction} limit ${limit}`,
    values,
  );
}

export async function countProducts(db: Database, criteria: ProductCriteria): Promise<number> {
  const { conditions, values } = whereOf(criteria);
  const [row] = await db.rows(
    z.object({ n: z.number() }),
    `select count(*)::int as n from product where ${conditions.join(' and ')}`,
    values,
  );
  return row?.n ?? 0;
}

const orderColumns: Record<ProductOrder['column'], string> = {
  createdAt: 'created_at',
  nameKey: 'name_key',
  minPriceMinor: 'min_price_minor',
};

function whereOf({ categoryIds, brand, status, updatedAfter }: ProductCriteria): { conditions: string[]; values: unknown[] } {
  const wanted: [condition: string, value: unknown][] = [
    ['status =', status],
    ['category_ids && ', categoryIds],
    ['brand =', brand],
    ['updated_at >', updatedAfter],
  ];
  const given = wanted.filter(([, value]) => value != null);
  return {
    conditions: ['true', ...given.map(([condition], index) => `${condition} $${index + 1}`)],
    values: given.map(([, value]) => value),
  };
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
  return db.rows(productRow, `select ${productColumns} from product where published_version < version order by updated_at limit $1`, [
    limit,
  ]);
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
