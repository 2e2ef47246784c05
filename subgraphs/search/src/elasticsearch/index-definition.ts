import { createHash } from 'node:crypto';
import type { estypes } from '@elastic/elasticsearch';

/** How much a field counts, alike for whole words and for begun ones. */
const boosts = { name: 8, brand: 5, categories: 3, facts: 2, description: 1 };
export const TEXT_FIELDS = Object.entries(boosts).map(([field, boost]) => `${field}^${boost}`);
export const NAME_FIELDS = ['name^8', 'brand^5'];
/** Descriptions are not completed: half of all beginnings begin a word of them. */
export const BEGUN_FIELDS = ['name.begun^8', 'brand.begun^5', 'categories.begun^3', 'facts.begun^2'];
export const BEGUN_NAME_FIELDS = ['name.begun^8', 'brand.begun^5'];

/** Longer than this no beginning is told apart. */
const MAX_BEGINNING = 20;

/**
 * Words of letters and digits, in lower case and without accents. `T-Shirt` is found as `t shirt` and as `tshirt`. The stemmer goes by a
 * word list, so that a `Running Shoe` stays apart from a run; the few words that it and the shop see differently stand before it.
 */
const analysis: estypes.IndicesIndexSettings['analysis'] = {
  char_filter: { apostrophes: { type: 'mapping', mappings: ["’ => '", "‘ => '", "ʼ => '"] } },
  filter: {
    parts: { type: 'word_delimiter_graph', catenate_all: true, split_on_case_change: false, split_on_numerics: false },
    irregular_lens: { type: 'pattern_replace', pattern: '^lenses$', replacement: 'lens' },
    irregular_ves: { type: 'pattern_replace', pattern: '^(kni|li|wi)ves$', replacement: '$1fe' },
    irregular_man: { type: 'pattern_replace', pattern: '^(wo)?mens?$', replacement: '$1man' },
    irregular_child: { type: 'pattern_replace', pattern: '^children$', replacement: 'child' },
    irregular_mouse: { type: 'pattern_replace', pattern: '^mice$', replacement: 'mouse' },
    irregular_foot: { type: 'pattern_replace', pattern: '^feet$', replacement: 'foot' },
    as_they_are: { type: 'keyword_marker', keywords: ['lens'] },
    stems: { type: 'stemmer', language: 'light_english' },
    beginnings: { type: 'edge_ngram', min_gram: 1, max_gram: MAX_BEGINNING },
    beginning: { type: 'truncate', length: MAX_BEGINNING },
  },
  analyzer: {
    words: custom('lowercase', 'asciifolding', 'flatten_graph'),
    stemmed: custom('lowercase', 'asciifolding', ...stemming(), 'flatten_graph'),
    stemmed_query: custom('lowercase', 'asciifolding', ...stemming()),
    begun: custom('lowercase', 'asciifolding', 'flatten_graph', 'beginnings'),
    begun_query: custom('lowercase', 'asciifolding', 'beginning'),
  },
};

const keyword: estypes.MappingProperty = { type: 'keyword', ignore_above: 2_000 };
const stored: estypes.MappingProperty = { type: 'keyword', index: false, doc_values: false };
const stemmed = { type: 'text', analyzer: 'stemmed', search_analyzer: 'stemmed_query' } as const;
const withOffsets = { index_options: 'offsets' } as const;
const completed: estypes.MappingTextProperty = {
  ...stemmed,
  fields: { begun: { type: 'text', analyzer: 'begun', search_analyzer: 'begun_query', norms: false, ...withOffsets } },
};

/** What is not written here is refused; only the currencies of prices make fields of their own. */
const mappings: estypes.MappingTypeMapping = {
  dynamic: 'strict',
  dynamic_templates: [{ amounts: { path_match: ['prices.*', 'lowest.*', 'highest.*'], mapping: { type: 'long' } } }],
  properties: {
    id: keyword,
    slug: stored,
    version: { type: 'long' },
    published: { type: 'boolean' },
    in_stock: { type: 'boolean' },
    created_at: { type: 'date', format: 'epoch_millis' },
    name: { ...completed, ...withOffsets },
    brand: completed,
    categories: completed,
    facts: completed,
    description: stemmed,
    words: { type: 'text', analyzer: 'words', norms: false },
    name_words: keyword,
    skus: keyword,
    category: keyword,
    category_label: keyword,
    brand_key: keyword,
    brand_label: keyword,
    attribute: keyword,
    attribute_name: keyword,
    attribute_label: keyword,
    currency: keyword,
    prices: { type: 'object', dynamic: true },
    lowest: { type: 'object', dynamic: true },
    highest: { type: 'object', dynamic: true },
    first_currency: keyword,
    first_lowest: { type: 'long' },
    first_highest: { type: 'long' },
  },
};

/** Changes with everything that an index is made by; one that was made otherwise has to be rebuilt. */
export const DEFINITION = createHash('sha256').update(JSON.stringify({ analysis, mappings })).digest('hex').slice(0, 12);

/** An empty index of products. */
export function productIndexDefinition(replicas: number): Pick<estypes.IndicesCreateRequest, 'settings' | 'mappings'> {
  const settings = { number_of_shards: 1, number_of_replicas: replicas, max_ngram_diff: MAX_BEGINNING, analysis };
  return { settings, mappings: { ...mappings, _meta: { definition: DEFINITION, complete: false } } };
}

/** What is known of each SKU's stock; a document a SKU. */
export function stockIndexDefinition(replicas: number): Pick<estypes.IndicesCreateRequest, 'settings' | 'mappings'> {
  return {
    settings: { number_of_shards: 1, number_of_replicas: replicas },
    mappings: { dynamic: 'strict', properties: { in_stock: { type: 'boolean' }, version: { type: 'long' } } },
  };
}

function custom(...filter: string[]): estypes.AnalysisCustomAnalyzer {
  return { type: 'custom', tokenizer: 'whitespace', char_filter: ['apostrophes'], filter: ['parts', ...filter] };
}

function stemming(): string[] {
  const irregular = ['irregular_lens', 'irregular_ves', 'irregular_man', 'irregular_child', 'irregular_mouse', 'irregular_foot'];
  return [...irregular, 'as_they_are', 'stems'];
}
