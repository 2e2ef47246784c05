import { expect, it } from 'vitest';
import { FacetDictionary } from './facet-dictionary.js';
import { makeEntry } from './index-entry.js';
import type { IndexEntry } from './index-entry.js';
import { priceBuckets, rangesOver, roundPrice } from './price-ranges.js';
import { noFilter } from './product-index.js';

it.each([
  [2399, 2500],
  [1240, 1000],
  [1260, 1500],
  [87, 75],
  [9600, 10000],
  [0, 0],
])('rounds %i to %i', (amount, rounded) => {
  expect(roundPrice(amount)).toBe(rounded);
});

it('divides prices into touching ranges from nothing to no end', () => {
  const ranges = rangesOver(Float64Array.from({ length: 100 }, (_, place) => place * 100));
  expect(ranges).toEqual([
    { from: 0, to: 1999 },
    { from: 2000, to: 3999 },
    { from: 4000, to: 4999 },
    { from: 5000, to: 7499 },
    { from: 7500, to: null },
  ]);
});

it('has no ranges for no price and for one price', () => {
  expect(rangesOver(new Float64Array())).toEqual([]);
  expect(rangesOver(Float64Array.of(999, 999, 999))).toEqual([]);
});

it('counts a product once in every range that has a variant of it', () => {
  const buckets = priceBuckets([priced('EUR', 100, 150, 9000), priced('EUR', 5000), priced('EUR', 9900)], noFilter);
  expect(buckets.map(({ value, count }) => `${value}: ${count}`)).toEqual(['0-4999: 1', '5000-: 3']);
});

it('labels ranges in the currency that most products have', () => {
  const yen = [100, 500, 1000, 5000, 9000].map((amount) => priced('JPY', amount));
  const labels = priceBuckets([...yen, priced('EUR', 700)], noFilter).map(({ label }) => label);
  expect(labels.at(0)).toBe('¥0 – ¥499');
  expect(labels.at(-1)).toBe('¥5,000 and up');
});

it('marks the range that is the filter', () => {
  const euros = [100, 500, 1000, 5000, 9000].map((amount) => priced('EUR', amount));
  const filter = { ...noFilter, priceMin: { amountMinor: 5000, currency: 'EUR' } };
  expect(
    priceBuckets(euros, filter)
      .filter(({ selected }) => selected)
      .map(({ value }) => value),
  ).toEqual(['5000-']);
});

function priced(currency: string, ...amounts: number[]): IndexEntry {
  const at = new Date(0);
  const variants = amounts.map((amountMinor) => ({ sku: `s${amountMinor}`, price: { amountMinor, currency } }));
  const described = { id: 'p', slug: 'p', name: 'P', description: '', brand: null, categories: [], attributes: [], options: [] };
  return makeEntry({ ...described, variants, status: 'PUBLISHED', createdAt: at, updatedAt: at, version: 1 }, false, new FacetDictionary());
}
