import type { IndexEntry } from './index-entry.js';
import { priceListIn } from './index-entry.js';
import type { SearchSort } from './product-index.js';
import type { SortKey } from './search-cursor.js';

export type KeyOfEntry = (entry: IndexEntry) => SortKey;

export interface OrderedPage {
  items: { entry: IndexEntry; key: SortKey }[];
  hasPreviousPage: boolean;
  hasNextPage: boolean;
}

/** How entries are ordered. `scores` is null while browsing: RELEVANCE is NEWEST then. */
export function orderBy(sort: SearchSort, scores: ReadonlyMap<IndexEntry, { score: number }> | null, currency: string | null): KeyOfEntry {
  switch (sort) {
    case 'RELEVANCE':
      return scores === null ? orderBy('NEWEST', scores, currency) : (entry) => keyOf(entry, '', -(scores.get(entry)?.score ?? 0));
    case 'NEWEST':
      return (entry) => keyOf(entry, '', -entry.product.createdAt.getTime());
    case 'PRICE_ASC':
      return (entry) => priceKey(entry, currency, (amounts) => amounts[0] ?? 0);
    case 'PRICE_DESC':
      return (entry) => priceKey(entry, currency, (amounts) => -(amounts.at(-1) ?? 0));
    default:
      return sort satisfies never;
  }
}

/** The first `size` entries behind `after`, without sorting the rest. */
export function pageOf(entries: readonly IndexEntry[], keyOfEntry: KeyOfEntry, after: SortKey | null, size: number): OrderedPage {
  const items: OrderedPage['items'] = [];
  let behind = 0;
  for (const entry of entries) {
    const key = keyOfEntry(entry);
    if (after !== null && compareKeys(key, after) <= 0) continue;
    behind += 1;
    keepSmallest(items, { entry, key }, size);
  }
  return { items, hasPreviousPage: behind < entries.length, hasNextPage: behind > items.length };
}

function keepSmallest(items: OrderedPage['items'], item: OrderedPage['items'][number], size: number): void {
  const last = items.at(-1);
  if (items.length >= size && (last === undefined || compareKeys(item.key, last.key) > 0)) return;
  let place = items.length;
  for (let before = items[place - 1]; before !== undefined && compareKeys(item.key, before.key) < 0; before = items[place - 1]) place -= 1;
  items.splice(place, 0, item);
  if (items.length > size) items.pop();
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (a.group !== b.group) return a.group < b.group ? -1 : 1;
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

function keyOf(entry: IndexEntry, group: string, rank: number): SortKey {
  return { group, rank, id: entry.product.id };
}

/** Currencies follow one another: an amount of one says nothing beside an amount of another. A product without a price comes last. */
function priceKey(entry: IndexEntry, currency: string | null, rankOf: (amounts: readonly number[]) => number): SortKey {
  const list = priceListIn(entry, currency);
  return list === undefined ? keyOf(entry, '~', 0) : keyOf(entry, list.currency, rankOf(list.amounts));
}
