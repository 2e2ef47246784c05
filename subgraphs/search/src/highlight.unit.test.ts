import { expect, it } from 'vitest';
import { escapeHtml, highlight } from './highlight.js';
import { indexTerms } from './text-analysis.js';

const none: ReadonlySet<string> = new Set();

it.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  [`Tom & Jerry's "best"`, 'Tom &amp; Jerry&#39;s &quot;best&quot;'],
  ['&amp;', '&amp;amp;'],
  ['', ''],
])('escapes %s', (name, html) => {
  expect(highlight(name, none)).toBe(html);
});

it('marks a word inside of markup without letting the markup through', () => {
  expect(highlight('<b>Lamp</b>', new Set(['lamp', 'b']))).toBe('&lt;<mark>b</mark>&gt;<mark>Lamp</mark>&lt;/<mark>b</mark>&gt;');
  expect(highlight('<mark>Lamp', new Set(['lamp']))).toBe('&lt;mark&gt;<mark>Lamp</mark>');
});

it('marks the word as it is written, whatever its case, accents and plural', () => {
  expect(highlight('CAFÉ Knives & Dresses', new Set(['cafe', 'knife', 'dress']))).toBe(
    '<mark>CAFÉ</mark> <mark>Knives</mark> &amp; <mark>Dresses</mark>',
  );
});

it('marks parts of a compound, or all of it', () => {
  expect(highlight('Anti-Slip Mat', new Set(['slip']))).toBe('Anti-<mark>Slip</mark> Mat');
  expect(highlight('Anti-Slip Mat', new Set(['antislip']))).toBe('<mark>Anti-Slip</mark> Mat');
});

it('leaves nothing but its own marks of any text as a tag', () => {
  for (const name of ['a<b>c', `<img src=x onerror="x('y')">`, '<<lamp>>', '\u0000<lamp\u2028>', '👟<lamp>', "lamp'</mark><script>"]) {
    const html = highlight(name, new Set(indexTerms(name)));
    const withoutMarks = html.replaceAll('<mark>', '').replaceAll('</mark>', '');
    expect(withoutMarks).not.toMatch(/[<>"']/);
    expect(withoutMarks).toBe(escapeHtml(name));
  }
});
