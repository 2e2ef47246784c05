import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { manifestCheck } from './check-partner.js';
import { hashOf, readManifest, type Manifest } from './manifest.js';
import type { PartnerTerms } from './partner-terms.js';

const types = (scopes: (list: string) => string) => `
  type Query {
    shelf(first: Int = 20): [Book!]!
    ledger: Ledger ${scopes('[["books:audit"], ["books:write", "books:read"]]')}
  }
  type Mutation { burn(id: ID!): Boolean ${scopes('[["books:write"]]')} }
  type Book { id: ID! author: Author! margin: Int ${scopes('[["books:audit"]]')} }
  type Author { name: String }
  type Ledger { total: Int }`;
const check = manifestCheck(
  buildSchema(types(() => '')),
  `schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY) { query: Query mutation: Mutation }
   ${types((list) => `@requiresScopes(scopes: ${list})`)}`,
);

const terms: PartnerTerms = { name: 'P', scopes: [], costCeiling: 300, requestsPerMinute: 1, costPerMinute: 1_000, mode: 'ID_ONLY' };

function manifestOf(body: string, said: object = {}): Manifest {
  const operation = { id: hashOf(body), name: 'Q', type: 'query', body, ...said };
  const read = readManifest('f', JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations: [operation] }));
  if (read.kind === 'faulty') throw new Error(read.faults.join());
  return read.manifest;
}
const faultsOf = (body: string, agreed: Partial<PartnerTerms> = {}, said: object = {}) =>
  check.ofPartner(manifestOf(body, said), { ...terms, ...agreed }).map((fault) => fault.replace(/ \([0-9a-f]{8}…\)/, ''));

describe('an operation of a partner', () => {
  it('is sound when the schema, the scopes and the ceiling allow it', () => {
    expect(faultsOf('query Q { shelf(first: 10) { id author { name } } }')).toEqual([]);
    expect(faultsOf('query Q { ledger { total } shelf(first: 1) { margin } }', { scopes: ['books:audit'] })).toEqual([]);
  });

  it('is refused when the schema does not know it', () => {
    expect(faultsOf('query Q { shelf { isbn } }')).toEqual(['Q is not valid: Cannot query field "isbn" on type "Book".']);
  });

  it('is refused for each field that needs a scope which the partner lacks', () => {
    expect(
      faultsOf('query Q { ledger { total } shelf(first: 1) { ...F } } fragment F on Book { margin }', { scopes: ['books:read'] }),
    ).toEqual([
      'Q asks for Query.ledger, which needs books:audit or books:write and books:read; the partner has books:read',
      'Q asks for Book.margin, which needs books:audit; the partner has books:read',
    ]);
    expect(faultsOf('mutation Q { burn(id: 1) }', {}, { type: 'mutation' })).toEqual([
      'Q asks for Mutation.burn, which needs books:write; the partner has no scope',
    ]);
  });

  it('is refused when it may cost more than was agreed, whatever page its variables ask for', () => {
    const body = 'query Q($n: Int!) { shelf(first: $n) { author { name } } }';
    expect(faultsOf(body, { costCeiling: 200 })).toEqual([]);
    expect(faultsOf(body, { costCeiling: 199 })).toEqual(['Q may cost 200 points with pages of 100; 199 are allowed']);
    expect(faultsOf(body, { costPerMinute: 150 })).toEqual(['Q may cost 200 points with pages of 100; 150 are allowed']);
  });

  it('is what its manifest says of it, alone in its document', () => {
    expect(faultsOf('query Other { shelf { id } }')).toEqual(['Q is named Other in its body']);
    expect(faultsOf('query Q { shelf { id } }', {}, { type: 'mutation' })).toEqual(['Q is a query, and not a mutation']);
    expect(faultsOf('query Q { shelf { id } } query R { shelf { id } }')).toEqual([
      'Q holds several operations; each has a document of its own',
    ]);
  });

  it('has to pass the limits of every operation, too', () => {
    const fields = Array.from({ length: 31 }, (_, index) => `a${index}: shelf { id }`).join(' ');
    expect(faultsOf(`query Q { ${fields} }`)[0]).toMatch(/^Q is not valid: .* 30 are allowed/);
  });
});

it('an operation of our own clients is judged by the schema alone', () => {
  expect(check.ofClient(manifestOf('query Q { ledger { total } }'))).toEqual([]);
  expect(check.ofClient(manifestOf('query Q { nothing }'))).toEqual([expect.stringContaining('is not valid')]);
});
