import type { FacetDictionary } from './facet-dictionary.js';
import type { IndexedPrice, IndexedProduct } from './product-index.js';

/** The variants' prices of one product in one currency. */
export interface PriceList {
  currency: string;
  /** Minor units, ascending, at least one. */
  amounts: readonly number[];
}

/** A findable product, prepared for filtering, counting and sorting. */
export interface IndexEntry {
  product: IndexedProduct;
  /** Numbers of the dictionary, those of one facet next to each other. */
  facetValues: readonly number[];
  priceLists: readonly PriceList[];
  inStock: boolean;
}

/** Counts the product into the dictionary; `releaseEntry` takes it out again. */
export function makeEntry(product: IndexedProduct, inStock: boolean, dictionary: FacetDictionary): IndexEntry {
  return {
    product,
    facetValues: dictionary.add(product),
    priceLists: priceListsOf(product.variants.map((variant) => variant.price)),
    inStock,
  };
}

export function releaseEntry(entry: IndexEntry, dictionary: FacetDictionary): void {
  dictionary.release(entry.product);
}

/** The prices in this currency, or, when none is asked for, in the product's first currency. */
export function priceListIn(entry: IndexEntry, currency: string | null): PriceList | undefined {
  const [first] = entry.priceLists;
  if (currency === null || first?.currency === currency) return first;
  return entry.priceLists.find((list) => list.currency === currency);
}

function priceListsOf(prices: readonly IndexedPrice[]): PriceList[] {
  const amounts = Map.groupBy(prices, (price) => price.currency);
  return [...amounts]
    .map(([currency, list]) => ({ currency, amounts: list.map((price) => price.amountMinor).sort((a, b) => a - b) }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
