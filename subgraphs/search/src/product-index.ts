/** A price in the minor unit of its ISO 4217 currency (EUR 12.34 is 1234), a safe integer. */
export interface IndexedPrice {
  amountMinor: number;
  currency: string;
}

/** One product as search knows it. Stock is not part of it: it arrives on its own way, see `applyStock`. */
export interface IndexedProduct {
  id: string;
  slug: string;
  name: string;
  /** May hold simple HTML. */
  description: string;
  brand: string | null;
  /** Every category of the product and all of their ancestors, each once. */
  categories: readonly { slug: string; name: string }[];
  attributes: readonly { name: string; value: string }[];
  options: readonly { name: string; values: readonly string[] }[];
  variants: readonly { sku: string; price: IndexedPrice }[];
  status: 'DRAFT' | 'PUBLISHED' | 'ARCHIVED';
  createdAt: Date;
  updatedAt: Date;
  /** The catalog's version of the product; the higher one wins, whatever the order of arrival. */
  version: number;
}

/** Availability of one SKU; `version` rises with every change of it (a counter, or the change's instant in milliseconds). */
export interface StockLevel {
  sku: string;
  inStock: boolean;
  version: number;
}

export interface ProductFilter {
  categorySlug: string | null;
  /** OR-ed; an empty list does not filter. */
  brands: readonly string[];
  /** Values of one name are OR-ed, names AND-ed; a name is an attribute's or an option's, in any case. */
  attributes: readonly { name: string; values: readonly string[] }[];
  /** Both ends inclusive. A product passes when one variant's price in the same currency lies within. */
  priceMin: IndexedPrice | null;
  priceMax: IndexedPrice | null;
  inStockOnly: boolean;
}

export const noFilter: ProductFilter = {
  categorySlug: null,
  brands: [],
  attributes: [],
  priceMin: null,
  priceMax: null,
  inStockOnly: false,
};

export type SearchSort = 'RELEVANCE' | 'PRICE_ASC' | 'PRICE_DESC' | 'NEWEST';

export interface SearchRequest {
  /** The words as typed; blank browses. RELEVANCE without words is NEWEST. */
  query: string;
  filter: ProductFilter;
  /** PRICE_ASC goes by the cheapest variant, PRICE_DESC by the dearest; currencies are never mixed; ties go by id. */
  sort: SearchSort;
  /** Taken into 0..100. */
  first: number;
  /** A cursor of an earlier page of the same query, filter and sort. */
  after: string | null;
}

export interface ProductHit {
  productId: string;
  /** 0 while browsing. Comparable within one answer only. */
  score: number;
  /** Safe HTML: matched words in `<mark>`, everything else escaped. */
  highlightedName: string;
  cursor: string;
}

export interface FacetBucket {
  /** What the filter takes: a slug, a brand, a value; of `price` the inclusive minor units `2500-4999` or `10000-`. */
  value: string;
  label: string;
  count: number;
  selected: boolean;
}

/** `category`, `brand` and `price` come first, then attributes and options by how many products have them. */
export interface Facet {
  name: string;
  buckets: FacetBucket[];
}

export interface SearchPage {
  kind: 'page';
  hits: ProductHit[];
  totalCount: number;
  facets: Facet[];
  /** Set only when fewer than three products have the words as typed and this spelling finds more. */
  didYouMean: string | null;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

/** The cursor is malformed, or belongs to another query, filter or sort. */
export interface InvalidCursor {
  kind: 'invalid-cursor';
}

export type Suggestion = { kind: 'QUERY' | 'CATEGORY' | 'BRAND'; text: string } | { kind: 'PRODUCT'; text: string; productId: string };

/** `stale`: something as new or newer is known already, nothing was changed. */
export type ApplyOutcome = 'applied' | 'stale';

/** Where everything that there is gets copied to. */
export type IndexFilling = Pick<ProductIndex, 'upsertAll' | 'applyStockAll'>;

/** The engine did not answer, or not in time. */
export class IndexUnavailable extends Error {
  override readonly name = 'IndexUnavailable';
}

/**
 * What the search subgraph needs of a search engine. Writes may arrive late, twice and in any order: the highest
 * version wins, also over a removal. Every method may be repeated; all of them throw IndexUnavailable when the engine is out of reach.
 */
export interface ProductIndex extends AsyncDisposable {
  /** Stores the product; one that is not PUBLISHED is kept as a version only and is not findable. */
  upsert(product: IndexedProduct): Promise<ApplyOutcome>;
  /** Remembered for a SKU whose product is not known yet. A SKU never heard of is out of stock. */
  applyStock(level: StockLevel): Promise<ApplyOutcome>;
  /** The same for many, which an engine out of process does faster; outcomes in their order. */
  upsertAll(products: readonly IndexedProduct[]): Promise<ApplyOutcome[]>;
  applyStockAll(levels: readonly StockLevel[]): Promise<ApplyOutcome[]>;
  /** Leaves a tombstone, so that a late older version stays out. */
  remove(id: string, version: number): Promise<ApplyOutcome>;
  search(request: SearchRequest): Promise<SearchPage | InvalidCursor>;
  /** Completions of what was typed so far, at most `limit` (taken into 0..20), grouped by kind. */
  suggest(prefix: string, limit: number): Promise<Suggestion[]>;
  /** Whether it was filled to the end once, by this process or another. */
  isFilled(): Promise<boolean>;
  /**
   * Has `copy` copy everything that there is, and is filled then. What is newer in the index already stays. An index that outlives its
   * processes may find that it was done a moment ago and leave it; with `again` it does not.
   */
  fill(copy: (into: IndexFilling) => Promise<void>, options?: { again?: boolean }): Promise<void>;
  /** Number of findable products. */
  count(): Promise<number>;
  /** Resolves when everything applied so far is findable. */
  refresh(): Promise<void>;
}
