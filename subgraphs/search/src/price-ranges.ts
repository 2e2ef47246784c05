import type { IndexEntry } from './index-entry.js';
import { priceListIn } from './index-entry.js';
import type { FacetBucket, ProductFilter } from './product-index.js';

/** Inclusive, in minor units; the last range has no end. */
export interface PriceRange {
  from: number;
  to: number | null;
}

/**
 * Ranges of about equally many products with round limits, cheapest first, empty ones left out. Each is inclusive, so
 * that filtering by its two ends finds what its count says; a product counts in every range that has a variant of it.
 * Only one currency: that of the filter, else the commonest. No ranges where all prices are about the same.
 */
export function priceBuckets(entries: readonly IndexEntry[], filter: ProductFilter): FacetBucket[] {
  const currency = (filter.priceMin ?? filter.priceMax)?.currency ?? commonestCurrency(entries);
  if (currency === null) return [];
  const products = amountsIn(currency, entries);
  const ranges = rangesOver(Float64Array.from(products, (amounts) => amounts[0] ?? 0));
  return priceBucketsOf(ranges, countRanges(ranges, products), currency, filter);
}

/** Ranges with the counts of the same places as buckets; those that are empty and not chosen left out. */
export function priceBucketsOf(
  ranges: readonly PriceRange[],
  counts: readonly number[],
  currency: string,
  filter: ProductFilter,
): FacetBucket[] {
  return ranges
    .map((range, place) => ({
      value: `${range.from}-${range.to ?? ''}`,
      label: labelOf(range, currency),
      count: counts[place] ?? 0,
      selected: isSelected(range, filter),
    }))
    .filter((bucket) => bucket.count > 0 || bucket.selected);
}

/** Up to five ranges from 0 upwards over these amounts; none when they leave nothing to choose. */
export function rangesOver(amounts: Float64Array): PriceRange[] {
  const sorted = amounts.toSorted();
  const fifths = [0.2, 0.4, 0.6, 0.8].map((share) => sorted[Math.floor(sorted.length * share)] ?? 0);
  return rangesBetween(sorted[0] ?? 0, fifths, sorted.at(-1) ?? 0);
}

/** The same of the amounts that part them into fifths. */
export function rangesBetween(lowest: number, fifths: readonly number[], highest: number): PriceRange[] {
  const limits = fifths.map(roundPrice);
  const starts = [0, ...new Set(limits.filter((limit) => limit > lowest && limit <= highest))];
  if (starts.length === 1) return [];
  return starts
    .map((from, place) => ({ from, to: (starts[place + 1] ?? 0) - 1 }))
    .map((range) => (range.to < 0 ? { ...range, to: null } : range));
}

/** The nearest amount that looks like a limit, e.g. 2500 for 2399. */
export function roundPrice(amountMinor: number): number {
  if (amountMinor < 1) return 0;
  const unit = 10 ** Math.floor(Math.log10(amountMinor));
  const nearest = ROUND.reduce((best, step) => (Math.abs(step * unit - amountMinor) < Math.abs(best * unit - amountMinor) ? step : best));
  return Math.round(nearest * unit);
}

const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10];

function amountsIn(currency: string, entries: readonly IndexEntry[]): (readonly number[])[] {
  const products: (readonly number[])[] = [];
  for (const entry of entries) {
    const list = priceListIn(entry, currency);
    if (list !== undefined) products.push(list.amounts);
  }
  return products;
}

/** Walks through ranges and a product's amounts together, as both ascend; each product counts once a range. */
function countRanges(ranges: readonly PriceRange[], products: readonly (readonly number[])[]): number[] {
  const counts = ranges.map(() => 0);
  const ends = ranges.map(({ to }) => to ?? Infinity);
  for (const amounts of products) {
    let counted = -1;
    let place = 0;
    for (const amount of amounts) {
      while (amount > (ends[place] ?? Infinity)) place += 1;
      if (place !== counted) counts[place] = (counts[place] ?? 0) + 1;
      counted = place;
    }
  }
  return counts;
}

function isSelected({ from, to }: PriceRange, { priceMin, priceMax }: ProductFilter): boolean {
  return (priceMin !== null || priceMax !== null) && (priceMin?.amountMinor ?? 0) === from && (priceMax?.amountMinor ?? null) === to;
}

function labelOf({ from, to }: PriceRange, currency: string): string {
  const { format, minorUnits } = formatOf(currency);
  const start = format(from / minorUnits);
  return to === null ? `${start} and up` : `${start} – ${format(to / minorUnits)}`;
}

const formats = new Map<string, { format: (amount: number) => string; minorUnits: number }>();

function formatOf(currency: string): { format: (amount: number) => string; minorUnits: number } {
  const known = formats.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const made = {
    format: (amount: number) => format.format(amount),
    minorUnits: 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2),
  };
  formats.set(currency, made);
  return made;
}

function commonestCurrency(entries: readonly IndexEntry[]): string | null {
  const counts = new Map<string, number>();
  for (const { priceLists } of entries) {
    for (const { currency } of priceLists) counts.set(currency, (counts.get(currency) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return first?.[0] ?? null;
}
