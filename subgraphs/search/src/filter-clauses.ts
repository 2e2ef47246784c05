import type { FacetDictionary } from './facet-dictionary.js';
import { BRAND_FACET, CATEGORY_FACET } from './facet-dictionary.js';
import type { IndexEntry } from './index-entry.js';
import type { ProductFilter } from './product-index.js';

/** The numbers of what can be filtered by and is not a list of values. */
export const PRICE_FACET = -1;
const NO_FACET = -2;

/** One of the conditions that a product has to meet, and the facet that is counted as if it were not there. */
export interface FilterClause {
  facet: number;
  /** Numbers of the values that a person chose. */
  values: ReadonlySet<number>;
  passes(entry: IndexEntry): boolean;
}

/** The filter as conditions that are all to be met; at most one a facet. What no product ever had, no product passes. */
export function clausesOf(filter: ProductFilter, dictionary: FacetDictionary): FilterClause[] {
  const clauses = [
    ...(filter.categorySlug === null ? [] : [valueClause(CATEGORY_FACET, [filter.categorySlug], dictionary)]),
    ...(filter.brands.length === 0 ? [] : [valueClause(BRAND_FACET, filter.brands, dictionary)]),
    ...attributeClauses(filter, dictionary),
  ];
  if (filter.priceMin !== null || filter.priceMax !== null) clauses.push(priceClause(filter));
  if (filter.inStockOnly) clauses.push({ facet: NO_FACET, values: new Set(), passes: (entry) => entry.inStock });
  return clauses;
}

/** The currency that a filter speaks of; null when it has no price. */
export function currencyOf({ priceMin, priceMax }: ProductFilter): string | null {
  return (priceMin ?? priceMax)?.currency ?? null;
}

function attributeClauses({ attributes }: ProductFilter, dictionary: FacetDictionary): FilterClause[] {
  const chosen = attributes.filter(({ values }) => values.length > 0);
  const byName = Map.groupBy(chosen, ({ name }) => dictionary.attributeFacet(name) ?? NO_FACET);
  return [...byName].map(([facet, parts]) =>
    valueClause(
      facet,
      parts.flatMap(({ values }) => values),
      dictionary,
    ),
  );
}

function valueClause(facet: number, texts: readonly string[], dictionary: FacetDictionary): FilterClause {
  const numbers = texts.map((text) => dictionary.valueOf(facet, text)).filter((number) => number !== undefined);
  const values = new Set(numbers);
  return { facet, values, passes: (entry) => entry.facetValues.some((value) => values.has(value)) };
}

function priceClause({ priceMin, priceMax }: ProductFilter): FilterClause {
  const currency = (priceMin ?? priceMax)?.currency;
  const isMixed = priceMin !== null && priceMax !== null && priceMin.currency !== priceMax.currency;
  const lowest = priceMin?.amountMinor ?? -Infinity;
  const highest = priceMax?.amountMinor ?? Infinity;
  const passes = ({ priceLists }: IndexEntry): boolean =>
    priceLists.some((list) => list.currency === currency && list.amounts.some((amount) => amount >= lowest && amount <= highest));
  return { facet: PRICE_FACET, values: new Set(), passes: isMixed ? () => false : passes };
}
