import type { estypes } from '@elastic/elasticsearch';
import { z } from 'zod';
import type { SearchSort } from '../product-index.js';
import type { SortKey } from '../search-cursor.js';
import { isCurrency } from './product-document.js';

/** How hits are ordered, and how a hit's place is written in a cursor and read back. */
export interface HitOrder {
  sort: estypes.SortOptions[];
  keyOf(values: readonly unknown[]): SortKey;
  after(key: SortKey): estypes.SortResults;
}

/** Of a product without a price in the currency; a number that JSON carries. */
const DEAREST = Number.MAX_SAFE_INTEGER;
const id: estypes.SortOptions = { id: 'asc' };

/** `isBrowsing`: there are no words, and RELEVANCE is NEWEST. */
export function hitOrder(sort: SearchSort, isBrowsing: boolean, currency: string | null): HitOrder {
  switch (sort) {
    case 'RELEVANCE':
      return isBrowsing ? ranked({ created_at: 'desc' }, 'desc') : ranked({ _score: { order: 'desc' } }, 'desc');
    case 'NEWEST':
      return ranked({ created_at: 'desc' }, 'desc');
    case 'PRICE_ASC':
      return currency === null ? grouped('first_lowest', 'asc') : ranked(inCurrency('lowest', currency, 'asc'), 'asc');
    case 'PRICE_DESC':
      return currency === null ? grouped('first_highest', 'desc') : ranked(inCurrency('highest', currency, 'desc'), 'desc');
    default:
      return sort satisfies never;
  }
}

type Direction = 'asc' | 'desc';

/** Cursors hold ranks ascending. */
function ranked(by: estypes.SortOptions, direction: Direction): HitOrder {
  const sign = direction === 'asc' ? 1 : -1;
  return {
    sort: [by, id],
    keyOf: (values) => {
      const [rank, hitId] = z.tuple([z.number(), z.string()]).parse(values);
      return { group: '', rank: sign * rank, id: hitId };
    },
    after: (key) => [sign * key.rank, key.id],
  };
}

/** Currencies follow one another: an amount of one says nothing beside an amount of another. */
function grouped(field: string, direction: Direction): HitOrder {
  const sign = direction === 'asc' ? 1 : -1;
  return {
    sort: [{ first_currency: 'asc' }, { [field]: direction }, id],
    keyOf: (values) => {
      const [group, rank, hitId] = z.tuple([z.string(), z.number(), z.string()]).parse(values);
      return { group, rank: sign * rank, id: hitId };
    },
    after: (key) => [key.group, sign * key.rank, key.id],
  };
}

function inCurrency(field: string, currency: string, order: Direction): estypes.SortOptions {
  const missing = order === 'asc' ? DEAREST : -1;
  return { [`${field}.${isCurrency(currency) ? currency : 'none'}`]: { order, missing, unmapped_type: 'long' } };
}
