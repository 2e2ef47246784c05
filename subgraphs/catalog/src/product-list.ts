import type { FilterQuery } from '@mikro-orm/core';
import { pageRequest, toPage, type Page } from '@shop/platform/connection';
import type { Database } from '@shop/platform/database';
import { registerEnumType } from 'type-graphql';
import { z } from 'zod';
import { Product } from './product.entity.js';
import { overlaps } from './product.store.js';

export const ProductSort = { NEWEST: 'NEWEST', NAME: 'NAME', PRICE_ASC: 'PRICE_ASC', PRICE_DESC: 'PRICE_DESC' } as const;
export type ProductSort = keyof typeof ProductSort;
registerEnumType(ProductSort, { name: 'ProductSort', description: 'Prices compare by the lowest price of a product.' });

export interface ProductList extends Page<Product> {
  /** Counts over all pages; asked only when a client wants it. */
  count(): Promise<number>;
}

type Column = 'createdAt' | 'nameKey' | 'minPriceMinor';
type Cursor = [sort: string, value: string | number, id: string];

/** What a list is sorted by; the id after it, in the same direction, makes the order total. */
const orders: Record<ProductSort, { column: Column; direction: 'asc' | 'desc'; value: z.ZodType<string | number> }> = {
  NEWEST: { column: 'createdAt', direction: 'desc', value: z.iso.datetime() },
  NAME: { column: 'nameKey', direction: 'asc', value: z.string() },
  PRICE_ASC: { column: 'minPriceMinor', direction: 'asc', value: z.number() },
  PRICE_DESC: { column: 'minPriceMinor', direction: 'desc', value: z.number() },
};

/** One page. Throws BAD_USER_INPUT for `first` outside 1 to 100 and for a cursor of another list or sort. */
export async function listProducts(
  db: Database,
  filter: FilterQuery<Product>,
  sort: ProductSort,
  first: number | null,
  after: string | null,
): Promise<ProductList> {
  const { column, direction, value } = orders[sort];
  const cursor: z.ZodType<Cursor> = z.tuple([z.literal(sort), value, z.string()]);
  const request = pageRequest<Cursor>(cursor, first, after);
  const where: FilterQuery<Product>[] = request.after ? [filter, beyond(column, direction, request.after)] : [filter];
  const rows = await db
    .em()
    .find(Product, { $and: where }, { orderBy: [{ [column]: direction }, { _id: direction }], limit: request.first + 1 });
  const page = toPage(rows, request, (product): Cursor => [sort, plain(product[column]), product._id]);
  return { ...page, count: () => db.em().count(Product, filter) };
}

export interface ProductCriteria {
  /** Any of these; undefined: all categories. */
  categoryIds?: readonly string[];
  brand?: string | null;
  status?: string | null;
  updatedAfter?: Date | null;
}

export function productFilter({ categoryIds, brand, status, updatedAfter }: ProductCriteria): FilterQuery<Product> {
  return {
    ...(categoryIds && { categoryIds: overlaps(categoryIds) }),
    ...(brand != null && { brand }),
    ...(status != null && { status }),
    ...(updatedAfter != null && { updatedAt: { $gt: updatedAfter } }),
  } as FilterQuery<Product>;
}

/** What comes after the cursor: the rest of those with the same value, then all further values. */
function beyond(column: Column, direction: 'asc' | 'desc', [, value, id]: Cursor): FilterQuery<Product> {
  const further = direction === 'asc' ? '$gt' : '$lt';
  const last = column === 'createdAt' ? new Date(value) : value;
  return { $or: [{ [column]: { [further]: last } }, { [column]: last, _id: { [further]: id } }] } as FilterQuery<Product>;
}

function plain(value: string | number | Date): string | number {
  return value instanceof Date ? value.toISOString() : value;
}
