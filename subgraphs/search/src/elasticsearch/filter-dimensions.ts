import type { estypes } from '@elastic/elasticsearch';
import { keyOf } from '../facet-dictionary.js';
import type { ProductFilter } from '../product-index.js';
import { isCurrency, PART } from './product-document.js';

type Query = estypes.QueryDslQueryContainer;

/** One of the conditions that a product has to meet, and the facet that is counted as if it were not there. */
export interface Dimension {
  facet: 'category' | 'brand' | 'price' | 'attribute' | 'none';
  /** Of an attribute, its name as it compares. */
  name: string;
  /** What a person chose, as it compares. */
  values: readonly string[];
  query: Query;
}

const nothing: Query = { match_none: {} };

/** The filter as conditions that are all to be met; at most one a facet. */
export function dimensionsOf({ categorySlug, brands, attributes, priceMin, priceMax, inStockOnly }: ProductFilter): Dimension[] {
  const dimensions: Dimension[] = [];
  if (categorySlug !== null) dimensions.push(terms('category', 'category', [categorySlug]));
  if (brands.length > 0) dimensions.push(terms('brand', 'brand_key', brands.map(keyOf)));
  const chosen = attributes.filter(({ values }) => values.length > 0);
  for (const [name, parts] of Map.groupBy(chosen, (attribute) => keyOf(attribute.name))) {
    const values = parts.flatMap((part) => part.values.map((value) => [name, keyOf(value)].join(PART)));
    dimensions.push({ ...terms('attribute', 'attribute', values), name });
  }
  if (priceMin !== null || priceMax !== null) dimensions.push({ facet: 'price', name: '', values: [], query: between(priceMin, priceMax) });
  if (inStockOnly) dimensions.push({ facet: 'none', name: '', values: [], query: { term: { in_stock: true } } });
  return dimensions;
}

/** All conditions but one. */
export function allBut(dimensions: readonly Dimension[], left: Dimension | undefined): Query {
  return { bool: { filter: dimensions.filter((dimension) => dimension !== left).map(({ query }) => query) } };
}

export function rangeOf(currency: string, from: number | null, to: number | null): Query {
  return { range: { [`prices.${currency}`]: { ...(from !== null && { gte: from }), ...(to !== null && { lte: to }) } } };
}

function between(min: ProductFilter['priceMin'], max: ProductFilter['priceMax']): Query {
  const currency = (min ?? max)?.currency ?? '';
  const isMixed = min !== null && max !== null && min.currency !== max.currency;
  if (isMixed || !isCurrency(currency)) return nothing;
  return rangeOf(currency, min?.amountMinor ?? null, max?.amountMinor ?? null);
}

function terms(facet: Dimension['facet'], field: string, values: readonly string[]): Dimension {
  return { facet, name: '', values, query: { terms: { [field]: [...values] } } };
}
