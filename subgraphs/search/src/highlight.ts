import { compoundsOf, stem } from './text-analysis.js';
import type { Compound, Word } from './text-analysis.js';

interface Span {
  start: number;
  end: number;
}

/**
 * The text as safe HTML with the words that were matched wrapped in `<mark>`. `terms` are terms of the index, so a
 * typo or a prefix in the query marks the whole word it was matched with.
 */
export function highlight(text: string, terms: ReadonlySet<string>): string {
  const html: string[] = [];
  let position = 0;
  for (const { start, end } of terms.size === 0 ? [] : matchedSpans(text, terms)) {
    html.push(escapeHtml(text.slice(position, start)), '<mark>', escapeHtml(text.slice(start, end)), '</mark>');
    position = end;
  }
  html.push(escapeHtml(text.slice(position)));
  return html.join('');
}

/** Safe in element content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function matchedSpans(text: string, terms: ReadonlySet<string>): Span[] {
  return compoundsOf(text).flatMap((compound): Span[] => (isMatchedWhole(compound, terms) ? [compound] : matchedWords(compound, terms)));
}

function isMatchedWhole({ words, joined }: Compound, terms: ReadonlySet<string>): boolean {
  return (joined !== null && terms.has(stem(joined))) || words.every((word) => terms.has(word.stem));
}

function matchedWords({ words }: Compound, terms: ReadonlySet<string>): Word[] {
  return words.filter((word) => terms.has(word.stem));
}
