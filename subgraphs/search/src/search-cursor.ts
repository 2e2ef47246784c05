import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SearchRequest } from './product-index.js';

/** Where a hit stands in the order: by group, then rank, then id, all ascending. */
export interface SortKey {
  group: string;
  rank: number;
  id: string;
}

const cursorContent = z.strictObject({ query: z.string(), group: z.string(), rank: z.number(), id: z.string() });

/** An opaque cursor, valid for this query, filter and sort alone. */
export function encodeCursor(queryHash: string, key: SortKey): string {
  const content = { query: queryHash, group: key.group, rank: key.rank, id: key.id };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** The place that a cursor names; `invalid-cursor` when it is malformed or belongs to another query. */
export function decodeCursor(queryHash: string, cursor: string): { kind: 'after'; key: SortKey } | { kind: 'invalid-cursor' } {
  const content = cursorContent.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!content.success || content.data.query !== queryHash) return { kind: 'invalid-cursor' };
  const { group, rank, id } = content.data;
  return { kind: 'after', key: { group, rank, id } };
}

/** The same for requests that only differ in page, and in the order or case of what a filter lists. */
export function hashOfQuery({ query, filter, sort }: SearchRequest): string {
  const attributes = filter.attributes.map(({ name, values }) => [name.toLowerCase(), ...[...values].sort()].join('\u0000')).sort();
  const prices = [filter.priceMin, filter.priceMax].map((price) => (price === null ? null : [price.amountMinor, price.currency]));
  const subject = [query.trim(), sort, filter.categorySlug, [...filter.brands].sort(), attributes, prices, filter.inStockOnly];
  return createHash('sha256').update(JSON.stringify(subject)).digest('base64url').slice(0, 12);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
