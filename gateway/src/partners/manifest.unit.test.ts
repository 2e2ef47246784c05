import { describe, expect, it } from 'vitest';
import { hashOf, printManifest, readManifest } from './manifest.js';

const body = 'query Shelf { products { nodes { id } } }';
const operation = { id: hashOf(body), name: 'Shelf', type: 'query' as const, body };
const apollo = (operations: readonly object[], rest: object = {}) =>
  JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations, ...rest });
const faultsOf = (text: string) => {
  const read = readManifest('shop.manifest.json', text);
  return read.kind === 'faulty' ? read.faults : [];
};

describe('a manifest of persisted operations', () => {
  it('is read in Apollo’s format, whose further fields do not matter', () => {
    const read = readManifest('f', apollo([{ ...operation, clientName: 'web' }]));
    expect(read).toMatchObject({ kind: 'read' });
    expect(read.kind === 'read' && [...read.manifest.byId.values()]).toEqual([operation]);
  });

  it('is read in Relay’s, a map from hashes to texts', () => {
    const read = readManifest('f', JSON.stringify({ [operation.id.toUpperCase()]: body }));
    expect(read.kind === 'read' && [...read.manifest.byId.values()]).toEqual([{ id: operation.id, body, name: null, type: null }]);
  });

  it('finds an operation by its text, however that is laid out', () => {
    const read = readManifest('f', apollo([operation]));
    expect(read.kind === 'read' && read.manifest.byText.get('query Shelf{products{nodes{id}}}')?.id).toBe(operation.id);
  });

  it('refuses an id that is not the hash of its body, and says where', () => {
    const id = hashOf('query Other { me { id } }');
    expect(faultsOf(apollo([operation, { ...operation, id }]))).toEqual([
      `shop.manifest.json: operations[1] Shelf: the id is not the SHA-256 of the body, which is ${operation.id}`,
    ]);
  });

  it('refuses an id with two bodies, and lets the same operation stand twice', () => {
    expect(faultsOf(apollo([operation, operation]))).toEqual([]);
    expect(faultsOf(apollo([operation, { ...operation, body: `${body} ` }]))).toEqual([
      'shop.manifest.json: operations[1] Shelf: the id has another body already',
    ]);
  });

  it.each([
    ['not JSON', '{', 'shop.manifest.json: not JSON'],
    [
      'a format that nobody knows',
      '{"format":"mine"}',
      'shop.manifest.json: the format "mine" is not known, only apollo-persisted-query-manifest',
    ],
    ['no format at all', '[]', 'shop.manifest.json: neither of the format apollo-persisted-query-manifest nor a map from hashes to texts'],
    ['a later version', apollo([], { version: 2 }), expect.stringContaining('shop.manifest.json: version: ')],
    ['an operation without a body', apollo([{ ...operation, body: undefined }]), expect.stringContaining('operations[0].body: ')],
    [
      'a body that is no GraphQL',
      apollo([{ ...operation, body: '"', id: hashOf('"') }]),
      'shop.manifest.json: operations[0] Shelf: the body is not GraphQL',
    ],
  ])('refuses %s, and names the file and the place', (_, text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
  });

  it('is printed in one order, as it is read again', () => {
    const other = { ...operation, name: 'Aisle', body: 'query Aisle { me { id } }', id: hashOf('query Aisle { me { id } }') };
    const text = printManifest([operation, other]);
    expect(printManifest([other, operation])).toBe(text);
    const read = readManifest('f', text);
    expect(read.kind === 'read' && [...read.manifest.byId.keys()]).toEqual([other.id, operation.id]);
  });
});
