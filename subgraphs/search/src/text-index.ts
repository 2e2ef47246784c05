import MiniSearch from 'minisearch';
import type { MatchInfo } from 'minisearch';
import { FEW_HITS, respell } from './did-you-mean.js';
import { plainText } from './plain-text.js';
import type { IndexedProduct } from './product-index.js';
import { completions } from './suggestions.js';
import type { Weighted } from './suggestions.js';
import { wordsOf } from './text-analysis.js';
import { analysedTerms, fieldBoosts, productTerms, searchExactly, searchText } from './text-query.js';
import type { ProductResult } from './text-query.js';
import { Vocabulary } from './vocabulary.js';

export interface TextMatch {
  score: number;
  /** The index terms that were matched, each with the fields that have it. */
  terms: MatchInfo;
}

export interface TextFindings {
  /** By product id. */
  matches: ReadonlyMap<string, TextMatch>;
  didYouMean: string | null;
}

/** The words of the findable products: full text, spelling and completion. */
export class TextIndex {
  readonly #products = new Map<string, IndexedProduct>();
  readonly #vocabulary = new Vocabulary();
  readonly #index = new MiniSearch<IndexedProduct>({
    fields: Object.keys(fieldBoosts),
    extractField: textOfField,
    ...productTerms,
    searchOptions: analysedTerms,
  });

  /** The product must not be in the index. */
  add(product: IndexedProduct): void {
    this.#products.set(product.id, product);
    this.#index.add(product);
    this.#vocabulary.add(product);
  }

  /** Takes back the `add` of this very product. */
  discard(product: IndexedProduct): void {
    this.#products.delete(product.id);
    this.#index.discard(product.id);
    this.#vocabulary.release(product);
  }

  clear(): void {
    this.#products.clear();
    this.#index.removeAll();
  }

  /** `exact` finds the words as typed only, and has no better spelling. */
  find(typed: string, mode: 'exact' | 'tolerant'): TextFindings {
    const query = typed.slice(0, MAX_QUERY_LENGTH);
    if (mode === 'exact') return { matches: asMatches(searchExactly(this.#index, query)), didYouMean: null };
    const { results, exactCount } = searchText(this.#index, this.#vocabulary, query);
    return { matches: asMatches(results), didYouMean: exactCount < FEW_HITS ? this.#betterSpelling(query, exactCount) : null };
  }

  /** What the text typed so far may become: queries with its last word completed, and products, best first. */
  complete(prefix: string, maxProducts: number): { queries: Weighted[]; productIds: string[] } {
    const typed = prefix.slice(0, MAX_QUERY_LENGTH);
    const results = searchExactly(this.#index, typed, ['name', 'brand']).sort(byScoreThenId);
    const productIds = results.slice(0, maxProducts).map(({ id }) => id);
    return { queries: completions(typed, this.#lastWords(typed, results)), productIds };
  }

  #lastWords(typed: string, results: readonly ProductResult[]): Weighted[] {
    const words = wordsOf(typed);
    const begun = words.at(-1)?.folded ?? '';
    if (words.length === 1) return this.#vocabulary.nameWordsAt(begun).map(({ text, uses }) => ({ text, weight: uses }));
    const names = results.slice(0, MAX_NAMES_READ).map(({ id }) => this.#products.get(id)?.name ?? '');
    const completed = names.flatMap((name) => wordsOf(name).filter(({ folded }) => folded.startsWith(begun)));
    return Array.from(
      Map.groupBy(completed, ({ text }) => text.toLowerCase()),
      ([text, uses]) => ({ text, weight: uses.length }),
    );
  }

  #betterSpelling(query: string, exactCount: number): string | null {
    const spelling = respell(query, this.#vocabulary);
    return spelling !== null && searchExactly(this.#index, spelling).length > exactCount ? spelling : null;
  }
}

/** The terms that a match found in the name. */
export function nameTermsOf({ terms }: TextMatch): ReadonlySet<string> {
  return new Set(Object.keys(terms).filter((term) => terms[term]?.includes('name')));
}

/** What is behind is not looked at: a pasted page must not occupy the process. */
const MAX_QUERY_LENGTH = 200;
/** How many names are read for the completions of a text of several words. */
const MAX_NAMES_READ = 200;

function asMatches(results: readonly ProductResult[]): Map<string, TextMatch> {
  return new Map(results.map(({ id, score, match }) => [id, { score, terms: match }]));
}

function byScoreThenId(a: ProductResult, b: ProductResult): number {
  return b.score - a.score || (a.id < b.id ? -1 : 1);
}

function textOfField(product: IndexedProduct, field: string): string {
  switch (field) {
    case 'id':
      return product.id;
    case 'name':
      return product.name;
    case 'brand':
      return product.brand ?? '';
    case 'categories':
      return product.categories.map(({ name }) => name).join('\n');
    case 'facts':
      return [...product.attributes.map(({ value }) => value), ...product.options.flatMap(({ values }) => values)].join('\n');
    case 'description':
      return plainText(product.description);
    default:
      throw new Error(`No such field of a product: ${field}`);
  }
}
