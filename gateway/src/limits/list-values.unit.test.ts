import { buildSchema, getOperationAST, parse } from 'graphql';
import { expect, it } from 'vitest';
import { longestList } from './list-values.js';
import type { Variables } from './operation-cost.js';

const schema = buildSchema(`
  type Query { stock(skus: [String!]!, where: Filter): String }
  input Filter { brands: [String!] any: [Filter!] imported: [Filter!] }
`);
const judge = longestList(schema, ['Filter.imported']);
const longest = (text: string, variables: Variables = {}) => {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return judge(document, operation, variables);
};
const list = (length: number) => Array.from({ length }, (_, i) => `s${i}`);

it('finds the longest list in literals and variables, however deep it lies', () => {
  expect(longest('{ stock(skus: []) }')).toBe(0);
  expect(longest(`{ stock(skus: ${JSON.stringify(list(7))}) }`)).toBe(7);
  expect(longest('query Q($s: [String!]!) { stock(skus: $s) }', { s: list(9) })).toBe(9);
  expect(longest('query Q($f: Filter) { stock(skus: "one", where: $f) }', { f: { any: [{ brands: list(12) }] } })).toBe(12);
  expect(longest(`{ stock(skus: "one", where: { any: { brands: ${JSON.stringify(list(5))} } }) }`)).toBe(5);
});

it('does not look at lists that may be long', () => {
  expect(longest('query Q($f: Filter) { stock(skus: "one", where: $f) }', { f: { imported: list(500).map(() => ({})) } })).toBe(0);
  expect(longest(`{ stock(skus: "one", where: { imported: [${'{},'.repeat(500)}] }) }`)).toBe(0);
});

it('is not deceived by names that objects have from birth', () => {
  expect(longest('query Q($f: Filter) { stock(skus: "one", where: $f) }', JSON.parse('{"f":{"__proto__":{"brands":["a","b"]}}}'))).toBe(0);
});
