import { GraphQLBoolean, GraphQLEnumType, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLScalarType, GraphQLString } from 'graphql';
import { describe, expect, it } from 'vitest';
import { leafCheck } from '../leaf.js';
import { leafPattern, objectPattern, onlyText, textPattern } from './json-patterns.js';

const numbers = '0 -0 7 -12 007 2099999999 2147483648 -2099999999 99999999999 1.5 -0.25 1. .5 1e3 1e999 NaN'.split(' ');
const words = 'true false null tru "true" TRUE "SMALL" "small" "LARGE" {} [] ["a"]'.split(' ');
const strings = ['""', '"a"', String.raw`"a\"b"`, String.raw`"\\"`, String.raw`"\u00e9\n\/"`, '"ü📚\u2028"', '"with space"'];
const noStrings = [String.raw`"\x41"`, String.raw`"\u12"`, '"a\nb"', '"open', '"a"b"', ' 1', '1 '];
const texts = [...numbers, ...words, ...strings, ...noStrings];
const size = new GraphQLEnumType({ name: 'Size', values: { SMALL: {}, LARGE: {} } });
const anything = new GraphQLScalarType({ name: 'Anything' });

describe.each([GraphQLInt, GraphQLFloat, GraphQLString, GraphQLBoolean, GraphQLID, size, anything])('what looks like %s', (type) => {
  const pattern = new RegExp(`^(?:${leafPattern(type)})$`);
  const matched = texts.filter((text) => pattern.test(text));

  it('is JSON, and a value of it', () => {
    expect(matched.length).toBeGreaterThan(1);
    for (const text of matched) expect(leafCheck(type)(JSON.parse(text)), text).toBe(true);
  });
});

it('values in their usual form look like what they are', () => {
  const looks = (type: Parameters<typeof leafPattern>[0], text: string) => new RegExp(`^(?:${leafPattern(type)})$`).test(text);
  expect(['0', '7', '-12', '2099999999'].every((text) => looks(GraphQLInt, text))).toBe(true);
  expect(['0', '1.5', '-0.25', '12'].every((text) => looks(GraphQLFloat, text))).toBe(true);
  expect(['""', '"a"', String.raw`"a\"b\\\u00e9"`, '"ü📚"'].every((text) => looks(GraphQLString, text))).toBe(true);
  expect(['"a"', '7'].every((text) => looks(GraphQLID, text))).toBe(true);
  expect(['"SMALL"', '"LARGE"'].every((text) => looks(size, text))).toBe(true);
});

it('a long text with many escapes is matched in one go', () => {
  const text = JSON.stringify('"\\\n'.repeat(100_000));
  expect(new RegExp(`^${leafPattern(GraphQLString)}$`).test(text)).toBe(true);
});

it('what only one text matches is told from what others match too', () => {
  expect(onlyText(objectPattern([['__typename', textPattern('Book')]]))).toBe('{"__typename":"Book"}');
  expect([leafPattern(GraphQLString), 'a|b', '(a)', 'a*', '[a]', String.raw`\d`, '.', '^$'].map(onlyText)).toEqual(Array(8).fill(null));
});
