import type { SearchTask } from './search-task.js';

export type Kind = 'words' | 'typos' | 'filters' | 'browsing' | 'suggestions';

export interface Question {
  kind: Kind;
  query: string;
  variables: Record<string, unknown>;
}

const SEARCH = `query Bench($query: String, $filter: ProductSearchFilter, $sort: SearchSort) {
  searchProducts(query: $query, filter: $filter, sort: $sort, first: 24) {
    totalCount didYouMean hits { score highlightedName product { id } } facets { name buckets { value label count selected } } pageInfo { endCursor }
  }
}`;
const SUGGEST = 'query Bench($prefix: String!) { searchSuggestions(prefix: $prefix) { text kind } }';

/** The same questions in the same order for every engine: words of names, misspelt ones, with filters, browsing, and beginnings. */
export function questionsOf({ words, brands, categories }: Pick<SearchTask, 'words' | 'brands' | 'categories'>): { next(): Question } {
  let number = 0;
  const pick = <T>(all: readonly T[], step: number): T | undefined => all[(number * step) % all.length];
  const name = () => pick(words, 7) ?? '';
  const ask = (kind: Kind, variables: Record<string, unknown>): Question => ({ kind, query: SEARCH, variables });
  const kinds: (() => Question)[] = [
    () => ask('words', { query: name().split(' ').slice(0, 2).join(' ') }),
    () => ask('words', { query: name().split(' ').at(-1) ?? '' }),
    () => ask('typos', { query: misspelt(name().split(' ')[0] ?? '') }),
    () => ask('filters', { query: name().split(' ')[0], filter: { brands: [pick(brands, 3)], inStockOnly: true } }),
    () =>
      ask('filters', { query: name().split(' ')[1], filter: { priceMax: { amountMinor: 10_000, currency: 'EUR' } }, sort: 'PRICE_ASC' }),
    () => ask('browsing', { filter: { categorySlug: pick(categories, 5) } }),
    () => ({ kind: 'suggestions', query: SUGGEST, variables: { prefix: name().slice(0, 3 + (number % 5)) } }),
  ];
  return {
    next: () => {
      number += 1;
      const question = kinds[number % kinds.length];
      if (!question) throw new Error('There are questions.');
      return question();
    },
  };
}

/** With its second and third letters in each other's place. */
function misspelt(word: string): string {
  return word.length < 5 ? `${word}x` : word.slice(0, 1) + word.charAt(2) + word.charAt(1) + word.slice(3);
}
