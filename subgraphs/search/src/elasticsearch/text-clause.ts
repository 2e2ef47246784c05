import type { estypes } from '@elastic/elasticsearch';
import { skuKey } from '../sku-ledger.js';
import { compoundsOf, isStopWord, type Compound } from '../text-analysis.js';
import { BEGUN_FIELDS, BEGUN_NAME_FIELDS, NAME_FIELDS, TEXT_FIELDS } from './index-definition.js';

type Query = estypes.QueryDslQueryContainer;

/** All words as typed; all, allowing typos; any, allowing typos. The last word may be begun only. */
export type Strictness = 'exact' | 'tolerant' | 'any';

/** The score of a product whose SKU was typed, above what any word can reach. */
const SKU_SCORE = 1_000_000;

/** What is behind is not looked at: a pasted page must not occupy the engine. */
export const MAX_QUERY_LENGTH = 200;

/** None in words up to 3 letters, 1 up to 7, 2 above; two letters swapped are one. */
const TYPOS = 'AUTO:4,8';

/** Findable products with these words, or with this very SKU. */
export function textClause(typed: string, strictness: Strictness): Query {
  const words = wordsClause(typed, strictness, TEXT_FIELDS, beginningsOf);
  const sku: Query = { constant_score: { filter: skuClause(typed), boost: SKU_SCORE } };
  return { bool: { filter: [published], must: [{ bool: { should: [sku, words], minimum_should_match: 1 } }] } };
}

export function skuClause(typed: string): Query {
  return { term: { skus: skuKey(typed.slice(0, MAX_QUERY_LENGTH)) } };
}

/** Findable products with all the words in name and brand. */
export function nameClause(typed: string): Query {
  return { bool: { filter: [published], must: [wordsClause(typed, 'exact', NAME_FIELDS, () => BEGUN_NAME_FIELDS)] } };
}

export const published: Query = { term: { published: true } };

function wordsClause(typed: string, strictness: Strictness, fields: string[], beginnings: (last: Compound) => string[]): Query {
  const text = typed.slice(0, MAX_QUERY_LENGTH);
  const compounds = compoundsOf(text);
  const telling = compounds.filter(({ words }) => words.some(({ folded }) => !isStopWord(folded)));
  const last = compounds.at(-1);
  const clauses = (telling.length > 0 ? telling : compounds).map((compound): Query => {
    const query = text.slice(compound.start, compound.end);
    const whole: Query = { multi_match: { query, fields, operator: 'and', ...(strictness !== 'exact' && { fuzziness: TYPOS }) } };
    if (compound !== last) return whole;
    return { bool: { should: [whole, { multi_match: { query, fields: beginnings(last), operator: 'and' } }], minimum_should_match: 1 } };
  });
  return { bool: strictness === 'any' ? { should: clauses, minimum_should_match: 1 } : { must: clauses } };
}

/** One or two letters begin half of all words: they complete names only. */
function beginningsOf({ words }: Compound): string[] {
  return (words.at(-1)?.folded.length ?? 0) > 2 ? BEGUN_FIELDS : BEGUN_NAME_FIELDS;
}
