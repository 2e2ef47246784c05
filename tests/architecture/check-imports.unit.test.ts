import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkImports } from '../../scripts/check-imports.mjs';

const fixtures = join(import.meta.dirname, 'fixtures');
const rules = readdirSync(fixtures).filter((name) => name !== 'good');

test.each(rules)('an import that breaks the rule "%s" is found, and nothing else', (rule) => {
  const faults = checkImports(join(fixtures, rule));
  expect(faults.map((fault) => fault.rule)).toEqual([rule]);
});

test('a tree that keeps the rules passes', () => {
  expect(checkImports(join(fixtures, 'good'))).toEqual([]);
});

test('a fault names file, line and import', () => {
  expect(checkImports(join(fixtures, 'undeclared'))).toMatchObject([
    { file: 'subgraphs/orders/src/order.ts', line: 1, specifier: 'undici', why: expect.stringContaining('package.json') },
  ]);
});

test('every layer has a fixture of a forbidden import', () => {
  for (const layer of ['subgraph', 'gateway', 'engine', 'platform', 'events', 'standalone']) {
    expect(rules.some((rule) => rule.startsWith(`${layer}-imports-`))).toBe(true);
  }
});
