import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { refuseUnstorableTexts } from './unstorable-text.js';

const document = parse('query Q($a: In) { f(a: $a, b: "plain") }');

describe('an operation is refused, and told where', () => {
  it.each([
    ['U+0000', 'Ann\0'],
    ['the first half of a surrogate pair alone', 'Ann\ud83d'],
    ['the second half alone', '\ude00Ann'],
  ])('for %s in a variable', (_, text) => {
    const refusal = refuseUnstorableTexts(document, { input: { lines: [{ sku: 'A-1' }, { sku: text }] } });
    expect(refusal?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(refusal?.message).toContain('"input.lines[1].sku"');
  });
  it('for U+0000 in a literal', () => {
    const refusal = refuseUnstorableTexts(parse('{ f(a: "x\\u0000") }'), {});
    expect(refusal?.locations).toEqual([{ line: 1, column: 8 }]);
  });
});

it('lets every other text through: other languages, emoji, line breaks, right-to-left', () => {
  const texts = ['Zürich', '测试', '👩🏽‍🚀', 'one\ntwo\t', 'מדינה', '', '\u202e'];
  expect(refuseUnstorableTexts(document, { a: texts, b: 1, c: null, d: true })).toBeNull();
});
