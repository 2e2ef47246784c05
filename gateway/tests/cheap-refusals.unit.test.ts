import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, getOperationAST } from 'graphql';
import { describe, expect, it } from 'vitest';
import { quietLogger } from '@shop/tests/kit/subgraph';
import { defaultLimits } from '../src/limits/limits.js';
import { limitWatch } from '../src/limits/limit-watch.js';
import { operationCheck } from '../src/operation-check.js';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const schema = buildSchema(read('schema/api.graphql'));
const supergraphSdl = read('schema/supergraph.graphql');

const times = (count: number, text: (i: number) => string) => Array.from({ length: count }, (_, i) => text(i)).join(' ');

/** Within the limit of bytes, so that each of them is looked at. */
const attacks: Record<string, string> = {
  'aliases in nested fragments': `{ products { nodes { ...f0 } } } ${times(
    8,
    (i) => `fragment f${i} on Product { ${times(3, (j) => `a${j}: categories { products { nodes { ...f${i + 1} } } }`)} }`,
  )} fragment f8 on Product { id }`,
  'fragments that multiply': `{ ...f0 } ${times(60, (i) => `fragment f${i} on Query { ...f${i + 1} ... on Query { ...f${i + 1} } }`)} fragment f60 on Query { __typename }`,
  levels: `{ products { nodes { ${'categories { products { nodes { '.repeat(60)} id ${'} } }'.repeat(60)} } } }`,
  'levels without an end': '{ products { nodes { categories '.repeat(500),
  '900 aliases': `{ ${times(300, (i) => `a${i}: product(slug: "a") { id }`)} }`,
  '900 directives': `{ products { nodes { id ${'@skip(if: false) '.repeat(300)} } } }`,
  'the same field 20,000 times': `{ products { nodes { ${'id '.repeat(20_000)} } } }`,
  'unknown fields': `{ ${times(900, (i) => `unknown${i}`)} }`,
  'a fragment in itself': '{ ...f } fragment f on Query { ...f ... { ...f } }',
  'lists in lists': '{ products(first: 100) { nodes { categories { products(first: 100) { nodes { variants { sku } } } } } } }',
  'a long text': `{ product(slug: "${'x'.repeat(90_000)}") { unknown } }`,
};

const check = operationCheck(
  schema,
  { limits: defaultLimits, introspection: false, supergraphSdl },
  limitWatch(defaultLimits, quietLogger),
  {
    refusal: () => null,
  },
);

function isRefused(text: string): boolean {
  const checked = check.document(text);
  if (checked.kind === 'refused') return true;
  const operation = getOperationAST(checked.document);
  return operation ? check.operation(checked.document, operation, {}, { kind: 'anonymous' }) !== null : false;
}

describe('an attack', () => {
  it.each(Object.keys(attacks))('of %s is refused in less than 50 ms', (name) => {
    const text = attacks[name] ?? '';
    expect(text.length).toBeLessThan(defaultLimits.requestBytes.max);
    // The best of a few is what the work itself takes, whatever else the machine does. Each has a text of its own, that nobody remembers.
    const took = Array.from({ length: 5 }, (_, n) => {
      const begun = performance.now();
      expect(isRefused(`${text}#${n}`)).toBe(true);
      return performance.now() - begun;
    });
    expect(Math.min(...took)).toBeLessThan(50);
  });
});
