import { BRAND_FACET, CATEGORY_FACET, FacetDictionary } from './facet-dictionary.js';
import { facetsOf, tally } from './facets.js';
import { clausesOf, currencyOf } from './filter-clauses.js';
import { highlight } from './highlight.js';
import { makeEntry, releaseEntry } from './index-entry.js';
import type { IndexEntry } from './index-entry.js';
import type {
  ApplyOutcome,
  IndexedProduct,
  IndexFilling,
  InvalidCursor,
  ProductIndex,
  SearchPage,
  SearchRequest,
  StockLevel,
  Suggestion,
} from './product-index.js';
import { decodeCursor, encodeCursor, hashOfQuery } from './search-cursor.js';
import { orderBy, pageOf } from './search-order.js';
import type { OrderedPage } from './search-order.js';
import { SkuLedger } from './sku-ledger.js';
import { chooseSuggestions, completing } from './suggestions.js';
import type { Weighted } from './suggestions.js';
import { hasWords } from './text-analysis.js';
import { nameTermsOf, TextIndex } from './text-index.js';
import type { TextMatch } from './text-index.js';

/** The score of a product whose SKU was typed, above what any word can reach. */
const SKU_SCORE = 1_000_000;
const MAX_PAGE = 100;
const MAX_SUGGESTIONS = 20;

/** Null while browsing. */
type TextMatches = ReadonlyMap<IndexEntry, TextMatch> | null;

/** A product index in this process' memory: empty at the start, to be filled from the catalog. For some 50,000 products. */
export function openMiniSearchIndex(): ProductIndex {
  return new MiniSearchIndex();
}

class MiniSearchIndex implements ProductIndex {
  readonly #text = new TextIndex();
  readonly #entries = new Map<string, IndexEntry>();
  /** Of every product ever seen, removed ones too: the tombstones. */
  readonly #versions = new Map<string, number>();
  readonly #dictionary = new FacetDictionary();
  readonly #skus = new SkuLedger();
  #isFilled = false;

  async upsert(product: IndexedProduct): Promise<ApplyOutcome> {
    if (!this.#advance(product.id, product.version)) return 'stale';
    this.#drop(product.id);
    if (product.status === 'PUBLISHED') this.#insert(product);
    return 'applied';
  }

  async applyStock(level: StockLevel): Promise<ApplyOutcome> {
    if (!this.#skus.setLevel(level)) return 'stale';
    for (const id of this.#skus.productsWith(level.sku)) {
      const entry = this.#entries.get(id);
      if (entry !== undefined) entry.inStock = this.#skus.isInStock(entry.product);
    }
    return 'applied';
  }

  upsertAll(products: readonly IndexedProduct[]): Promise<ApplyOutcome[]> {
    return Promise.all(products.map((product) => this.upsert(product)));
  }

  applyStockAll(levels: readonly StockLevel[]): Promise<ApplyOutcome[]> {
    return Promise.all(levels.map((level) => this.applyStock(level)));
  }

  async remove(id: string, version: number): Promise<ApplyOutcome> {
    if (!this.#advance(id, version)) return 'stale';
    this.#drop(id);
    return 'applied';
  }

  async search(request: SearchRequest): Promise<SearchPage | InvalidCursor> {
    const queryHash = hashOfQuery(request);
    const after = request.after === null ? null : decodeCursor(queryHash, request.after);
    if (after?.kind === 'invalid-cursor') return after;
    const { matches, didYouMean } = hasWords(request.query) ? this.#find(request.query) : { matches: null, didYouMean: null };
    const clauses = clausesOf(request.filter, this.#dictionary);
    const counted = tally(matches?.keys() ?? this.#entries.values(), clauses, this.#dictionary);
    const order = orderBy(request.sort, matches, currencyOf(request.filter));
    const page = pageOf(counted.matching, order, after?.key ?? null, within(request.first, MAX_PAGE));
    const facets = facetsOf(counted, request.filter, clauses, this.#dictionary);
    return { kind: 'page', totalCount: counted.matching.length, facets, didYouMean, ...asHits(page, matches, queryHash) };
  }

  async suggest(prefix: string, limit: number): Promise<Suggestion[]> {
    if (!hasWords(prefix)) return [];
    const { queries, productIds } = this.#text.complete(prefix, MAX_SUGGESTIONS);
    const sources = {
      queries,
      categories: completing(prefix, this.#namesOf(CATEGORY_FACET)),
      brands: completing(prefix, this.#namesOf(BRAND_FACET)),
      products: productIds.map((productId) => ({ text: this.#entries.get(productId)?.product.name ?? '', productId })),
    };
    return chooseSuggestions(sources, within(limit, MAX_SUGGESTIONS));
  }

  async isFilled(): Promise<boolean> {
    return this.#isFilled;
  }

  async fill(copy: (into: IndexFilling) => Promise<void>): Promise<void> {
    await copy(this);
    this.#isFilled = true;
  }

  async count(): Promise<number> {
    return this.#entries.size;
  }

  async refresh(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {
    this.#entries.clear();
    this.#text.clear();
  }

  #advance(id: string, version: number): boolean {
    const known = this.#versions.get(id);
    if (known !== undefined && known >= version) return false;
    this.#versions.set(id, version);
    return true;
  }

  #insert(product: IndexedProduct): void {
    this.#text.add(product);
    this.#skus.add(product);
    this.#entries.set(product.id, makeEntry(product, this.#skus.isInStock(product), this.#dictionary));
  }

  #drop(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#text.discard(entry.product);
    this.#skus.release(entry.product);
    releaseEntry(entry, this.#dictionary);
    this.#entries.delete(id);
  }

  #find(query: string): { matches: TextMatches; didYouMean: string | null } {
    const bySku = this.#skus.productsWith(query);
    const found = this.#text.find(query, bySku.size > 0 ? 'exact' : 'tolerant');
    const skuMatches = Array.from(bySku, (id): [string, TextMatch] => [
      id,
      { score: SKU_SCORE, terms: found.matches.get(id)?.terms ?? {} },
    ]);
    const matches = new Map<IndexEntry, TextMatch>();
    for (const [id, match] of [...found.matches, ...skuMatches]) {
      const entry = this.#entries.get(id);
      if (entry !== undefined) matches.set(entry, match);
    }
    return { matches, didYouMean: found.didYouMean };
  }

  #namesOf(facet: number): Weighted[] {
    return this.#dictionary.valuesOf(facet).map(({ label, uses }) => ({ text: label, weight: uses }));
  }
}

function asHits(
  { items, hasNextPage, hasPreviousPage }: OrderedPage,
  matches: TextMatches,
  queryHash: string,
): Pick<SearchPage, 'hits' | 'pageInfo'> {
  const hits = items.map(({ entry, key }) => {
    const match = matches?.get(entry);
    const highlightedName = highlight(entry.product.name, match === undefined ? new Set() : nameTermsOf(match));
    return { productId: entry.product.id, score: match?.score ?? 0, highlightedName, cursor: encodeCursor(queryHash, key) };
  });
  return { hits, pageInfo: { hasNextPage, hasPreviousPage, startCursor: hits[0]?.cursor ?? null, endCursor: hits.at(-1)?.cursor ?? null } };
}

function within(count: number, most: number): number {
  return Math.max(0, Math.min(Math.trunc(count), most));
}
