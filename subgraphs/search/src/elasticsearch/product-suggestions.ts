import type { estypes } from '@elastic/elasticsearch';
import { z } from 'zod';
import type { Suggestion } from '../product-index.js';
import { chooseSuggestions, completing, completions, type Weighted } from '../suggestions.js';
import { hasWords, wordsOf } from '../text-analysis.js';
import { literal } from './facet-counts.js';
import { PART } from './product-document.js';
import type { Ask } from './product-search.js';
import { MAX_QUERY_LENGTH, nameClause, published } from './text-clause.js';

const MAX_SUGGESTIONS = 20;
/** How many names are read for the completions of a text of several words. */
const MAX_NAMES_READ = 200;
const MAX_VALUES = 500;

const terms = z.object({ buckets: z.array(z.object({ key: z.string(), doc_count: z.number() })) });
const productAnswer = z.object({
  hits: z.object({ hits: z.array(z.object({ _id: z.string(), _source: z.object({ name: z.string() }) })) }),
});
const valueAnswer = z.object({
  aggregations: z.object({
    brand: z.object({ values: terms }),
    category: z.object({ values: terms }),
    words: z.object({ values: terms }).optional(),
  }),
});

/** Completions of what was typed so far: queries, categories, brands and products. */
export async function suggestProducts(ask: Ask, typed: string, limit: number): Promise<Suggestion[]> {
  if (!hasWords(typed)) return [];
  const prefix = typed.slice(0, MAX_QUERY_LENGTH);
  const words = wordsOf(prefix);
  const begun = words.at(-1)?.folded ?? '';
  const [products, values] = await Promise.all([ask(productRequest(prefix)), ask(valueRequest(prefix, words.length === 1 ? begun : null))]);
  const hits = productAnswer.parse(products).hits.hits;
  const { brand, category, words: single } = valueAnswer.parse(values).aggregations;
  const lastWords = single
    ? namedWords(single.values.buckets)
    : wordsOfNames(
        hits.map(({ _source }) => _source.name),
        begun,
      );
  return chooseSuggestions(
    {
      queries: completions(prefix, lastWords),
      categories: completing(prefix, labelled(category.values.buckets)),
      brands: completing(prefix, labelled(brand.values.buckets)),
      products: hits.slice(0, MAX_SUGGESTIONS).map(({ _id, _source }) => ({ text: _source.name, productId: _id })),
    },
    Math.max(0, Math.min(Math.trunc(limit), MAX_SUGGESTIONS)),
  );
}

function productRequest(prefix: string): Omit<estypes.SearchRequest, 'index'> {
  return {
    query: nameClause(prefix),
    size: MAX_NAMES_READ,
    sort: [{ _score: { order: 'desc' } }, { id: 'asc' }],
    _source: ['name'],
    track_total_hits: false,
  };
}

/** Brands and categories of products whose brand or category has the beginning, and words of names that have it. */
function valueRequest(prefix: string, begun: string | null): Omit<estypes.SearchRequest, 'index'> {
  const beginning = (field: string) => ({ match: { [field]: { query: prefix, operator: 'and' as const } } });
  const values = (field: string, include?: string) => ({
    values: { terms: { field, size: MAX_VALUES, ...(include !== undefined && { include }) } },
  });
  return {
    query: published,
    size: 0,
    aggs: {
      brand: { filter: beginning('brand.begun'), aggs: values('brand_label') },
      category: { filter: beginning('categories.begun'), aggs: values('category_label') },
      ...(begun !== null && { words: { filter: beginning('name.begun'), aggs: values('name_words', `${literal(begun)}.*`) } }),
    },
  };
}

type Buckets = z.output<typeof terms>['buckets'];

function labelled(buckets: Buckets): Weighted[] {
  return buckets.map(({ key, doc_count }) => ({ text: key.split(PART).at(-1) ?? '', weight: doc_count }));
}

/** Each word as it is mostly written. */
function namedWords(buckets: Buckets): Weighted[] {
  return Array.from(
    Map.groupBy(buckets, ({ key }) => key.split(PART)[0] ?? ''),
    ([, spellings]) => {
      const [first] = spellings.toSorted((a, b) => b.doc_count - a.doc_count || (a.key < b.key ? -1 : 1));
      return { text: first?.key.split(PART)[1] ?? '', weight: spellings.reduce((sum, { doc_count }) => sum + doc_count, 0) };
    },
  );
}

function wordsOfNames(names: readonly string[], begun: string): Weighted[] {
  const completed = names.flatMap((name) => wordsOf(name).filter(({ folded }) => folded.startsWith(begun)));
  return Array.from(
    Map.groupBy(completed, ({ text }) => text.toLowerCase()),
    ([text, uses]) => ({ text, weight: uses.length }),
  );
}
