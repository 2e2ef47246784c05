/** One word of a text with its place in the original; `folded` is comparable, `stem` also drops an English plural. */
export interface Word {
  start: number;
  end: number;
  text: string;
  folded: string;
  stem: string;
}

/** Words joined by hyphens (`t-shirt`); `joined` is the spelling without them, null for a single word. */
export interface Compound {
  start: number;
  end: number;
  words: Word[];
  joined: string | null;
}

const WORD = String.raw`[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’][\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*`;
const wordPattern = new RegExp(WORD, 'gu');
const compoundPattern = new RegExp(`${WORD}(?:[-‐‑]${WORD})*`, 'gu');

/** The compounds of a text in their order, each of at least one word. */
export function compoundsOf(text: string): Compound[] {
  return Array.from(text.matchAll(compoundPattern), (match) => {
    const words = wordsWithin(match[0], match.index);
    return { start: match.index, end: match.index + match[0].length, words, joined: joinedSpelling(words) };
  });
}

/** The words of a text in their order; a compound gives each of its parts. */
export function wordsOf(text: string): Word[] {
  return wordsWithin(text, 0);
}

/** Whether there is any word to search for; punctuation alone is none. */
export function hasWords(text: string): boolean {
  return wordsOf(text).length > 0;
}

/** Everything that a text is found by: stems of its words, and compounds without their hyphens. */
export function indexTerms(text: string): string[] {
  return compoundsOf(text).flatMap(termsOfCompound);
}

/** Lower case without accents, so that what looks alike compares alike: `Größe` and `GROSSE`, `Café` and `cafe`. */
export function fold(text: string): string {
  const plain = /^[\x20-\x7e]*$/.test(text) ? text : text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
  return plain
    .toLowerCase()
    .replace(/['’]s$/, '')
    .replace(/['’]/g, '')
    .replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFC');
}

/** Drops an English plural. Light on purpose: it only has to do the same to products and to queries. */
export function stem(folded: string): string {
  const irregular = IRREGULAR.get(folded);
  if (irregular !== undefined) return irregular;
  if (folded.length < 4 || !folded.endsWith('s') || /(?:ss|us|is)$/.test(folded)) return folded;
  if (folded.length > 4 && folded.endsWith('ies')) return `${folded.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|zz)es$/.test(folded)) return folded.slice(0, -2);
  return folded.slice(0, -1);
}

/** Words that say nothing about a product; dropped from a query that has others. */
export function isStopWord(folded: string): boolean {
  return STOP_WORDS.has(folded);
}

const LETTERS: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
const STOP_WORDS = new Set(['a', 'an', 'and', 'for', 'from', 'in', 'of', 'on', 'or', 'the', 'to', 'with']);
const IRREGULAR = new Map([
  ['lens', 'lens'],
  ['lenses', 'lens'],
  ['knives', 'knife'],
  ['shelves', 'shelf'],
  ['scarves', 'scarf'],
  ['leaves', 'leaf'],
  ['children', 'child'],
  ['men', 'man'],
  ['mens', 'man'],
  ['women', 'woman'],
  ['womens', 'woman'],
  ['mice', 'mouse'],
  ['feet', 'foot'],
]);

function termsOfCompound({ words, joined }: Compound): string[] {
  const stems = words.map((word) => word.stem);
  return joined === null ? stems : [...stems, stem(joined)];
}

function wordsWithin(text: string, offset: number): Word[] {
  return Array.from(text.matchAll(wordPattern), (match) => {
    const folded = fold(match[0]);
    const start = offset + match.index;
    return { start, end: start + match[0].length, text: match[0], folded, stem: stem(folded) };
  });
}

function joinedSpelling(words: readonly Word[]): string | null {
  return words.length > 1 ? words.map((word) => word.folded).join('') : null;
}
