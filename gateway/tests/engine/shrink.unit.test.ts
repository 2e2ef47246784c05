import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import { shrunk } from './shrink.js';

const schema = buildSchema(`
  type Query { a(n: Int): A b: B }
  type A { x(n: Int = 1, m: Int): Int y: Int b: B }
  type B { z: Int a: A }`);

it.each([
  [
    'query Q($n: Int, $on: Boolean!) { a(n: $n) { x(m: 2) y ...F b { z @skip(if: $on) a { y } } } b { z } } fragment F on A { y b { ...G } } fragment G on B { z a { x(n: 3) y } }',
    (text: string) => /x\(n/.test(text),
    '{ a { ...F } } fragment F on A { b { ...G } } fragment G on B { a { x(n: 3) } }',
  ],
  [
    'query Q($on: Boolean!) { b { ... on B @include(if: $on) { z a { ... { y x } } } } }',
    (text: string) => /@include[^]*\by\b/.test(text),
    'query Q($on: Boolean!) { b { ... on B @include(if: $on) { a { ... { y } } } } }',
  ],
])('an operation that fails is made as small as it can be', async (text, fails, expected) => {
  const flat = (graphql: string) =>
    graphql
      .replaceAll(/\s+/g, ' ')
      .replace(/^query Q /, '')
      .trim();
  expect(flat(await shrunk(text, schema, async (each) => fails(each)))).toBe(expected);
});
