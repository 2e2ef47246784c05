import { expect, it } from 'vitest';
import { fold, hasWords, indexTerms, stem, wordsOf } from './text-analysis.js';

it.each([
  ['Größe', 'grosse'],
  ['GROẞE', 'grosse'],
  ['Crème', 'creme'],
  ['Ålesund', 'alesund'],
  ['Søstrene', 'sostrene'],
  ["L'Oréal", 'loreal'],
  ['Women’s', 'women'],
  ['ﬁlter', 'filter'],
  ['हिन्दी', 'हिन्दी'],
])('folds %s to %s', (text, folded) => {
  expect(fold(text)).toBe(folded);
});

it.each([
  ['shoes', 'shoe'],
  ['dresses', 'dress'],
  ['batteries', 'battery'],
  ['watches', 'watch'],
  ['boxes', 'box'],
  ['knives', 'knife'],
  ['glass', 'glass'],
  ['cactus', 'cactus'],
  ['tennis', 'tennis'],
  ['gas', 'gas'],
])('takes %s for %s', (word, stemmed) => {
  expect(stem(word)).toBe(stemmed);
});

it('finds a compound by its parts and by its joined spelling', () => {
  expect(indexTerms('Wi-Fi T-Shirts')).toEqual(['wi', 'fi', 'wifi', 't', 'shirt', 'tshirt']);
});

it('gives words their place in the original', () => {
  const text = 'LEGO™ Größe, 2½" café';
  expect(wordsOf(text).map(({ start, end }) => text.slice(start, end))).toEqual(['LEGO', 'Größe', '2½', 'café']);
});

it('finds no words in punctuation', () => {
  expect(hasWords(' -?! ')).toBe(false);
  expect(hasWords('a')).toBe(true);
});
