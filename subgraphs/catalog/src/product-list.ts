import { pageRequest, toPage, type Page } from '@shop/platform/connection';
import { registerEnumType } from 'type-graphql';
import { z } from 'zod';
import type { Product } from './product.entity.js';
import type { ProductCriteria, ProductOrder, ProductStore } from './product.store.js';

export const ProductSort = { NEWEST: 'NEWEST', NAME: 'NAME', PRICE_ASC: 'PRICE_ASC', PRICE_DESC: 'PRICE_DESC' } as const;
export type ProductSort = keyof typeof ProductSort;
registerEnumType(ProductSort, { name: 'ProductSort', description: 'Prices compare by the lowest price of a product.' });

export interface ProductList extends Page<Product> {
  /** Counts over all pages; asked only when a client wants it. */
  count(): Promise<number>;
}

type Cursor = [sort: string, value: string | number, id: string];

const orders: Record<ProductSort, ProductOrder & { value: z.ZodType<string | number> }> = {
  NEWEST: { column: 'createdAt', direction: 'desc', value: z.iso.datetime() },
  NAME: { column: 'nameKey', direction: 'asc', value: z.string() },
  PRICE_ASC: { column: 'minPriceMinor', direction: 'asc', value: z.number() },
  PRICE_DESC: { column: 'minPriceMinor', direction: 'desc', value: z.number() },
};

/** One page. Throws BAD_USER_INPUT for `first` outside 1 to 100 and for a cursor of another list or sort. */
export async function listProducts(
  products: ProductStore,
  criteria: ProductCriteria,
  sort: ProductSort,
  first: number | null,
  after: string | null,
): Promise<ProductList> {
  const order = orders[sort];
  const cursor: z.ZodType<Cursor> = z.tuple([z.literal(sort), order.value, z.string()]);
  const request = pageRequest<Cursor>(cursor, first, after);
  const last = request.after && { value: request.after[1], id: request.after[2] };
  const rows = await products.page(criteria, order, last, request.first + 1);
  const page = toPage(rows, request, (product): Cursor => [sort, plain(product[order.column]), product._id]);
  return { ...page, count: () => products.count(criteria) };
}

function plain(value: string | number | Date): string | number {
  return value instanceof Date ? value.toISOString() : value;
}
