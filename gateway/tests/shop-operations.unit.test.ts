import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, Kind, parse } from 'graphql';
import { expect, it } from 'vitest';
import { operationCheck } from '../src/operation-check.js';
import { defaultLimits } from '../src/limits/limits.js';
import { costTable } from '../src/limits/cost-table.js';
import { startLoadShedding } from '../src/load-shedding.js';
import { limitWatch } from '../src/limits/limit-watch.js';
import { operationCost } from '../src/limits/operation-cost.js';
import { quietLogger } from '@shop/tests/kit/subgraph';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const schema = buildSchema(read('schema/api.graphql'));
const supergraphSdl = read('schema/supergraph.graphql');
const check = operationCheck(
  schema,
  { limits: defaultLimits, introspection: false, supergraphSdl },
  limitWatch(defaultLimits, quietLogger),
  startLoadShedding({ aboveDelayMs: Infinity, lastRefused: [] }),
);
const ofRequest = (text: string, variables: Record<string, unknown> = {}) => {
  const [operation] = parse(text).definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('no operation');
  return operationCost(schema, costTable(supergraphSdl))(parse(text), operation, variables);
};

it.each(globSync('schema/operations/api/*.graphql', { cwd: root }))('the operations of %s are within every limit', (path) => {
  const checked = check.document(read(path));
  if (checked.kind === 'refused') throw new Error(checked.errors.join('\n'));
  for (const operation of checked.document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION))
    expect(check.operation(checked.document, operation, {}, { kind: 'anonymous' })).toBeNull();
});

it('a full page of products with their variants, prices and stock is within the limit', () => {
  const page = `query Page($first: Int) { products(first: $first) { totalCount nodes {
    name priceRange { min { formatted } max { formatted } } images { url } categories { name }
    variants { name price { formatted } compareAtPrice { formatted } optionValues { value } availability { status } } } } }`;
  expect(ofRequest(page, { first: 100 })).toBeLessThanOrEqual(defaultLimits.cost.max);
});

it('products of categories of products are not', () => {
  const round = 'products(first: 100) { nodes { categories { products(first: 100) { nodes { name } } } } }';
  expect(ofRequest(`{ ${round} }`)).toBeGreaterThan(defaultLimits.cost.max);
});

it('a search costs what its page holds, and its facets', () => {
  const search = 'query S($n: Int) { searchProducts(query: "x", first: $n) { hits { score } facets { name buckets { label } } } }';
  expect(ofRequest(search, { n: 10 })).toBe(1 + 10 + 8 * 11);
});
