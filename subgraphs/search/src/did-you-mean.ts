import { isStopWord, wordsOf } from './text-analysis.js';
import type { Word } from './text-analysis.js';
import type { VocabularyWord } from './vocabulary.js';

/** A word found in fewer products than this is taken for a possible typo. */
export const FEW_HITS = 3;
/** How much commoner another spelling must be than one that does occur. */
const COMMONER = 3;

/** What has to be known of the shop's words. */
export interface SpellingSource {
  /** How many products have the word. */
  uses(folded: string): number;
  hasPrefix(prefix: string): boolean;
  /** Words within so many insertions, deletions and replacements, each with its distance. */
  wordsNear(folded: string, maxDistance: number): { word: VocabularyWord; distance: number }[];
}

/**
 * The text with each doubtful word replaced by the nearest word of the vocabulary, of equally near ones the commonest;
 * null when nothing is to be replaced. Whether it finds more is for the caller to try.
 */
export function respell(text: string, vocabulary: SpellingSource): string | null {
  const words = wordsOf(text);
  const spellings = words.map((word, place) => betterSpelling(word, place === words.length - 1, vocabulary) ?? word.text);
  const isChanged = spellings.some((spelling, place) => spelling !== words[place]?.text);
  return isChanged ? spellings.join(' ') : null;
}

function betterSpelling(word: Word, isLast: boolean, vocabulary: SpellingSource): string | null {
  const uses = vocabulary.uses(word.folded);
  const maxDistance = distanceAllowed(word.folded);
  if (uses >= FEW_HITS || maxDistance === 0 || isStopWord(word.folded)) return null;
  if (uses === 0 && isLast && vocabulary.hasPrefix(word.folded)) return null;
  const near = vocabulary.wordsNear(word.folded, maxDistance).map(({ word: found, distance }) => ({
    ...found,
    distance: isSwapped(word.folded, found.folded) ? 1 : distance,
  }));
  if (near.some(({ folded }) => folded === `${word.folded}s` || `${folded}s` === word.folded)) return null;
  const better = near.filter((found) => found.folded !== word.folded && found.uses > uses * COMMONER);
  const [best] = better.sort((a, b) => a.distance - b.distance || b.uses - a.uses || (a.text < b.text ? -1 : 1));
  return best?.text ?? null;
}

/** Typos that are taken for such in a word. */
export function distanceAllowed(folded: string): number {
  if (folded.length <= 3) return 0;
  return folded.length === 4 ? 1 : 2;
}

/** Two neighbouring letters changed places, which a keyboard does as easily as one wrong letter. */
function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const place = Array.from(a).findIndex((letter, index) => letter !== b.charAt(index));
  return a.charAt(place) === b.charAt(place + 1) && a.charAt(place + 1) === b.charAt(place) && a.slice(place + 2) === b.slice(place + 2);
}
