import type MiniSearch from 'minisearch';
import type { MatchInfo, Query } from 'minisearch';
import { compoundsOf, indexTerms, isStopWord, stem } from './text-analysis.js';
import type { Compound, Word } from './text-analysis.js';
import type { IndexedProduct } from './product-index.js';
import type { Vocabulary } from './vocabulary.js';

/** What is read of the engine's results, of which the id is a product's. */
export interface ProductResult {
  id: string;
  score: number;
  match: MatchInfo;
}

export interface TextSearch {
  results: ProductResult[];
  /** How many products have all words as typed, the last one perhaps begun only. */
  exactCount: number;
}

/** How strongly a word counts by where it is found. */
export const fieldBoosts = { name: 8, brand: 5, categories: 3, facts: 2, description: 1 };

/**
 * Products with all the words; when there is none, with all of them allowing typos; when there is none, with any of
 * them. Typos: none in words up to 3 letters, 1 up to 7, 2 above; two letters swapped are one typo.
 */
export function searchText(index: MiniSearch<IndexedProduct>, vocabulary: Vocabulary, text: string): TextSearch {
  const exact = searchExactly(index, text);
  if (exact.length > 0) return { results: exact, exactCount: exact.length };
  const tolerant = queriesOf(text, (word) => swappedSpellings(word.folded).filter((spelling) => vocabulary.uses(spelling) > 0));
  const all = index.search({ combineWith: 'AND', queries: tolerant });
  return { results: all.length > 0 ? all : index.search({ combineWith: 'OR', queries: tolerant }), exactCount: 0 };
}

/** Products with all the words as typed, the last one perhaps begun only; best first, in these fields or in all. */
export function searchExactly(index: MiniSearch<IndexedProduct>, text: string, fields?: string[]): ProductResult[] {
  const queries = queriesOf(text, null);
  return queries.length === 0 ? [] : index.search({ combineWith: 'AND', queries, ...(fields === undefined ? {} : { fields }) });
}

/** The settings that the query trees of this file rely on: terms are analysed here, not in the engine. */
export const analysedTerms = { tokenize: (text: string) => [text], processTerm: (term: string) => term, boost: fieldBoosts };

/** What the engine does to a product's texts. */
export const productTerms = { tokenize: indexTerms, processTerm: (term: string) => term };

type Corrections = ((word: Word) => string[]) | null;

function queriesOf(text: string, corrections: Corrections): Query[] {
  const compounds = compoundsOf(text);
  const telling = compounds.filter(({ words }) => words.some((word) => !isStopWord(word.folded)));
  const kept = telling.length > 0 ? telling : compounds;
  const last = compounds.at(-1);
  return kept.map((compound) => compoundQuery(compound, compound === last, corrections));
}

function compoundQuery({ words, joined }: Compound, isLast: boolean, corrections: Corrections): Query {
  const parts = words.map((word, place) => wordQuery(word, isLast && place === words.length - 1, corrections));
  const [first] = parts;
  if (joined === null && first !== undefined) return first;
  return { combineWith: 'OR', queries: [{ combineWith: 'AND', queries: parts }, stem(joined ?? '')] };
}

function wordQuery(word: Word, isLast: boolean, corrections: Corrections): Query {
  const fuzzy = corrections === null ? false : typosAllowed(word.stem);
  const whole: Query = { queries: [word.stem], fuzzy };
  const begun: Query[] = isLast ? [{ queries: [word.folded], prefix: true, ...fieldsOfBegun(word) }] : [];
  const corrected = corrections === null || fuzzy === false ? [] : corrections(word).map((spelling) => stem(spelling));
  return { combineWith: 'OR', queries: [whole, ...begun, ...corrected] };
}

/** One or two letters begin half of all words: they complete names only. */
function fieldsOfBegun({ folded }: Word): { fields?: string[] } {
  return folded.length > 2 ? {} : { fields: ['name', 'brand'] };
}

function typosAllowed(term: string): number | false {
  if (term.length <= 3) return false;
  return term.length <= 7 ? 1 : 2;
}

function swappedSpellings(folded: string): string[] {
  return Array.from({ length: Math.max(folded.length - 1, 0) }, (_, place) => swapAt(folded, place)).filter(
    (spelling) => spelling !== folded,
  );
}

function swapAt(text: string, place: number): string {
  return text.slice(0, place) + text.charAt(place + 1) + text.charAt(place) + text.slice(place + 2);
}
