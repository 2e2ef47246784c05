import type { estypes } from '@elastic/elasticsearch';
import { z } from 'zod';
import { distanceAllowed, type SpellingSource } from '../did-you-mean.js';
import { wordsOf } from '../text-analysis.js';
import { MAX_QUERY_LENGTH, published } from './text-clause.js';

const MAX_SUGGESTED = 10;

const answer = z.object({
  aggregations: z.object({ words: z.object({ buckets: z.record(z.string(), z.object({ doc_count: z.number() })) }) }),
  suggest: z.record(z.string(), z.array(z.object({ options: z.array(z.object({ text: z.string(), freq: z.number() })) }))).optional(),
});

/** Asks how common the words of a text are, what begins with them, and what is spelled alike. */
export function spellingRequest(typed: string): Pick<estypes.SearchRequest, 'size' | 'query' | 'aggs' | 'suggest'> {
  const words = foldedWords(typed);
  const filters = words.flatMap((word, at): [string, estypes.QueryDslQueryContainer][] => [
    [`uses_${at}`, { term: { words: word } }],
    [`begun_${at}`, { prefix: { words: word } }],
  ]);
  const suggested = words.flatMap((word, at) => (distanceAllowed(word) === 0 ? [] : [[`near_${at}`, nearest(word)]]));
  return {
    size: 0,
    query: published,
    aggs: { words: { filters: { filters: Object.fromEntries(filters) } } },
    suggest: Object.fromEntries(suggested),
  };
}

export function spellingSource(typed: string, found: unknown): SpellingSource {
  const { aggregations, suggest } = answer.parse(found);
  const words = foldedWords(typed);
  const count = (kind: string, word: string) => aggregations.words.buckets[`${kind}_${words.indexOf(word)}`]?.doc_count ?? 0;
  return {
    uses: (word) => count('uses', word),
    hasPrefix: (word) => count('begun', word) > 0,
    wordsNear: (word, maxDistance) =>
      (suggest?.[`near_${words.indexOf(word)}`] ?? [])
        .flatMap(({ options }) => options)
        .map(({ text, freq }) => ({ word: { folded: text, text, uses: freq }, distance: distanceBetween(word, text) }))
        // The engine counts two swapped letters as one typo, this distance as two.
        .filter(({ distance }) => distance <= maxDistance + 1),
  };
}

function nearest(text: string): estypes.SearchFieldSuggester {
  const term = {
    field: 'words',
    suggest_mode: 'always',
    max_edits: 2,
    prefix_length: 0,
    min_word_length: 4,
    max_term_freq: 1_000_000,
  } as const;
  return { text, term: { ...term, size: MAX_SUGGESTED, shard_size: 50, max_inspections: 50 } };
}

function foldedWords(typed: string): string[] {
  return [...new Set(wordsOf(typed.slice(0, MAX_QUERY_LENGTH)).map(({ folded }) => folded))];
}

/** Insertions, deletions and replacements between two words. */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
