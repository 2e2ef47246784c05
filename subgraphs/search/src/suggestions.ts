import type { Suggestion } from './product-index.js';
import { fold, wordsOf } from './text-analysis.js';

/** A candidate and how much it weighs against others of its kind: products that have it, or a score. */
export interface Weighted {
  text: string;
  weight: number;
}

export interface SuggestionSources {
  /** Completions of the whole text typed. */
  queries: readonly Weighted[];
  categories: readonly Weighted[];
  brands: readonly Weighted[];
  /** Best first. */
  products: readonly { text: string; productId: string }[];
}

/**
 * At most `limit` suggestions, the kinds taking turns for a place and then grouped: queries, categories, brands,
 * products. A text appears once, however it is written, and as a category or brand rather than as a query.
 */
export function chooseSuggestions({ queries, categories, brands, products }: SuggestionSources, limit: number): Suggestion[] {
  const named = new Set([...categories, ...brands].map(({ text }) => fold(text)));
  const kinds: Suggestion[][] = [
    ordered(queries.filter(({ text }) => !named.has(fold(text)))).map((text) => ({ kind: 'QUERY', text })),
    ordered(categories).map((text) => ({ kind: 'CATEGORY', text })),
    ordered(brands).map((text) => ({ kind: 'BRAND', text })),
    products.map(({ text, productId }) => ({ kind: 'PRODUCT', text, productId })),
  ];
  const shares = sharesOf(
    kinds.map((kind) => kind.length),
    limit,
  );
  return kinds.flatMap((kind, place) => kind.slice(0, shares[place]));
}

/** The names that begin with what was typed, or have a word that does. */
export function completing(typed: string, names: readonly Weighted[]): Weighted[] {
  const prefix = spaced(typed);
  return prefix === '' ? [] : names.filter(({ text }) => ` ${spaced(text)}`.includes(` ${prefix}`));
}

/** What was typed with its last, begun word completed by each of the words. */
export function completions(typed: string, words: readonly Weighted[]): Weighted[] {
  const last = wordsOf(typed).at(-1);
  const before = last === undefined ? '' : typed.slice(0, last.start).trimStart().toLowerCase();
  return words.map(({ text, weight }) => ({ text: before + text, weight }));
}

function ordered(candidates: readonly Weighted[]): string[] {
  const sorted = candidates.toSorted((a, b) => b.weight - a.weight || (a.text < b.text ? -1 : 1));
  const seen = new Set<string>();
  return sorted.map(({ text }) => text).filter((text) => !seen.has(fold(text)) && seen.add(fold(text)));
}

function sharesOf(available: readonly number[], limit: number): number[] {
  const shares = available.map(() => 0);
  let left = Math.min(
    limit,
    available.reduce((sum, count) => sum + count, 0),
  );
  for (let place = 0; left > 0; place = (place + 1) % available.length) {
    if ((shares[place] ?? 0) >= (available[place] ?? 0)) continue;
    shares[place] = (shares[place] ?? 0) + 1;
    left -= 1;
  }
  return shares;
}

function spaced(text: string): string {
  return wordsOf(text)
    .map((word) => word.folded)
    .join(' ');
}
