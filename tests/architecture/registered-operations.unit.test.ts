import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkLists } from '@shop/gateway/check-lists';
import { persistFolder } from '@shop/gateway/persist-folder';

const schema = fileURLToPath(new URL('../../schema', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shop-lists-'));
  for (const file of ['api.graphql', 'supergraph.graphql']) cpSync(join(schema, file), join(folder, file));
  mkdirSync(join(folder, 'partners'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, content: string | object) =>
  writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
const faults = async () =>
  (await checkLists(folder)).faults.map((fault) => fault.replaceAll(folder + sep, '').replace(/ \([0-9a-f]{8}…\)/, ''));
const terms = { name: 'P', scopes: ['stock:read'], costCeiling: 100, requestsPerMinute: 60, costPerMinute: 1_000, mode: 'ID_ONLY' };

test('everything that is registered is sound', async () => {
  const { faults: found, sound } = await checkLists(schema);
  expect(found).toEqual([]);
  expect(sound).toEqual([expect.stringContaining('marketplace.manifest.json: '), expect.stringContaining('storefront.manifest.json: ')]);
});

test('a fault names its file, its operation and the reason', async () => {
  mkdirSync(join(folder, 'source'));
  write(
    'source/orders.graphql',
    'query Orders { orders(first: 1) { nodes { id } } } query Many { products(first: 100) { nodes { id variants { id } } } }',
  );
  const persisted = await persistFolder(join(folder, 'source'), folder);
  write('partners/p.manifest.json', persisted.kind === 'persisted' ? persisted.text : '');
  write('partners/p.json', terms);
  expect(await faults()).toEqual([
    expect.stringMatching(/^partners\/p\.manifest\.json: Many may cost \d+ points; 100 are allowed$/),
    'partners/p.manifest.json: Orders asks for Query.orders, which needs orders:read; the partner has stock:read',
  ]);
});

test('a manifest has its terms beside it, and terms their manifest', async () => {
  write('partners/a.manifest.json', { format: 'apollo-persisted-query-manifest', version: 1, operations: [] });
  write('partners/b.json', { ...terms, mode: 'OPEN', extra: 1 });
  expect(await faults()).toEqual([
    'partners/a.json: missing; it says what was agreed with the partner',
    expect.stringContaining('partners/b.json: mode: '),
    expect.stringContaining('partners/b.json: the file: '),
    'partners/b.manifest.json: missing; it holds the operations',
  ]);
});

test('a manifest beside its own .graphql files is what they make', async () => {
  mkdirSync(join(folder, 'clients/app'), { recursive: true });
  write('clients/app/me.graphql', 'query Me { me { id } }');
  const persisted = await persistFolder(join(folder, 'clients/app'), folder);
  write('clients/app.manifest.json', persisted.kind === 'persisted' ? persisted.text : '');
  expect(await faults()).toEqual([]);
  write('clients/app/me.graphql', 'query Me { me { id email } }');
  expect(await faults()).toEqual([expect.stringMatching(/^clients\/app\.manifest\.json: not what .* makes; run "npm run persist -- /)]);
});

test('what the schema does not know is not persisted', async () => {
  mkdirSync(join(folder, 'source'));
  write('source/a.graphql', 'query Q { nothing }');
  expect(await persistFolder(join(folder, 'source'), folder)).toMatchObject({
    kind: 'faulty',
    faults: [expect.stringContaining('Cannot query field "nothing"')],
  });
});
