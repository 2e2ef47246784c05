import type { FacetDictionary } from './facet-dictionary.js';
import { BRAND_FACET, CATEGORY_FACET } from './facet-dictionary.js';
import type { FilterClause } from './filter-clauses.js';
import { PRICE_FACET } from './filter-clauses.js';
import type { IndexEntry } from './index-entry.js';
import { priceBuckets } from './price-ranges.js';
import type { Facet, FacetBucket, ProductFilter } from './product-index.js';

export const MAX_ATTRIBUTE_FACETS = 10;
export const MAX_BUCKETS = 20;
export const RESERVED_NAMES = new Set(['category', 'brand', 'price']);

/** What one pass over the candidates finds out. */
export interface Tally {
  /** Pass every clause. */
  matching: IndexEntry[];
  /** Pass every clause but that of the price: what the price facet counts. */
  matchingAnyPrice: IndexEntry[];
  /** By value number: products that pass every clause but that of the value's own facet. */
  valueCounts: Uint32Array;
  /** By facet number, counted alike. */
  facetCounts: Uint32Array;
}

/** One pass for hits and all facets: a product that fails one clause alone still counts for that clause's facet. */
export function tally(candidates: Iterable<IndexEntry>, clauses: readonly FilterClause[], dictionary: FacetDictionary): Tally {
  const result: Tally = {
    matching: [],
    matchingAnyPrice: [],
    valueCounts: new Uint32Array(dictionary.valueCount),
    facetCounts: new Uint32Array(dictionary.facetCount),
  };
  for (const entry of candidates) {
    const failed = failedClauses(entry, clauses);
    if (failed === 'several') continue;
    if (failed === 'none') result.matching.push(entry);
    if (failed === 'none' || failed.facet === PRICE_FACET) result.matchingAnyPrice.push(entry);
    if (failed === 'none' || failed.facet >= 0)
      countValues(entry, failed === 'none' ? null : failed.facet, result, dictionary.facetOfValue);
  }
  return result;
}

/** The facets of a tally. A chosen value is always among the buckets, so that the choice can be undone. */
export function facetsOf(counted: Tally, filter: ProductFilter, clauses: readonly FilterClause[], dictionary: FacetDictionary): Facet[] {
  const selected = new Set(clauses.flatMap((clause) => [...clause.values]));
  const values = valuesByFacet(counted, selected, dictionary);
  const named = (facet: number): Facet => ({
    name: dictionary.nameOf(facet),
    buckets: bucketsOf(values.get(facet) ?? [], counted, selected, dictionary),
  });
  const attributes = attributeFacets([...values.keys()], counted, clauses, dictionary).map(named);
  const price = { name: 'price', buckets: priceBuckets(counted.matchingAnyPrice, filter) };
  return [named(CATEGORY_FACET), named(BRAND_FACET), price, ...attributes].filter(({ buckets }) => buckets.length > 0);
}

function failedClauses(entry: IndexEntry, clauses: readonly FilterClause[]): FilterClause | 'none' | 'several' {
  let failed: FilterClause | 'none' = 'none';
  for (const clause of clauses) {
    if (clause.passes(entry)) continue;
    if (failed !== 'none') return 'several';
    failed = clause;
  }
  return failed;
}

function countValues(
  entry: IndexEntry,
  onlyFacet: number | null,
  { valueCounts, facetCounts }: Tally,
  facetOfValue: readonly number[],
): void {
  let previous = -1;
  for (const value of entry.facetValues) {
    const facet = facetOfValue[value] ?? -1;
    if (onlyFacet !== null && facet !== onlyFacet) continue;
    valueCounts[value] = (valueCounts[value] ?? 0) + 1;
    if (facet !== previous) facetCounts[facet] = (facetCounts[facet] ?? 0) + 1;
    previous = facet;
  }
}

function valuesByFacet({ valueCounts }: Tally, selected: ReadonlySet<number>, dictionary: FacetDictionary): Map<number, number[]> {
  const values = new Map<number, number[]>();
  valueCounts.forEach((count, value) => {
    if (count === 0 && !selected.has(value)) return;
    const facet = dictionary.facetOfValue[value] ?? -1;
    const known = values.get(facet);
    if (known === undefined) values.set(facet, [value]);
    else known.push(value);
  });
  return values;
}

function bucketsOf(
  values: readonly number[],
  { valueCounts }: Tally,
  selected: ReadonlySet<number>,
  dictionary: FacetDictionary,
): FacetBucket[] {
  const buckets = values.map((number): FacetBucket => {
    const { value, label } = dictionary.describe(number);
    return { value, label, count: valueCounts[number] ?? 0, selected: selected.has(number) };
  });
  return buckets.sort(byCountThenValue).filter((bucket, place) => place < MAX_BUCKETS || bucket.selected);
}

/** An attribute that is called like one of the fixed facets can be filtered by, but is not listed: two of one name would confuse. */
function attributeFacets(
  present: readonly number[],
  { facetCounts }: Tally,
  clauses: readonly FilterClause[],
  dictionary: FacetDictionary,
): number[] {
  const chosen = new Set(clauses.map((clause) => clause.facet));
  return present
    .filter((facet) => facet > BRAND_FACET)
    .map((facet) => ({ facet, name: dictionary.nameOf(facet), count: facetCounts[facet] ?? 0 }))
    .filter(({ name }) => !RESERVED_NAMES.has(name.trim().toLowerCase()))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .filter(({ facet }, place) => place < MAX_ATTRIBUTE_FACETS || chosen.has(facet))
    .map(({ facet }) => facet);
}

export function byCountThenValue(a: FacetBucket, b: FacetBucket): number {
  return b.count - a.count || (a.value < b.value ? -1 : 1);
}
