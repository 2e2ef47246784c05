import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGraphEngine } from '../../src/engine/graph-engine.js';
import type { IncrementalPart, SubsequentResult } from '../../src/engine/incremental.js';
import type { SubgraphRequest } from '../../src/engine/subgraph-fetcher.js';
import { composed } from './supergraphs.js';

const { supergraphSdl } = composed('a ward', {
  patients: `
    type Query { patients: [Patient!] report: String @requiresScopes(scopes: [["reports"]]) }
    type Patient @key(fields: "id") { id: ID! name: String secret: String @requiresScopes(scopes: [["secrets"]]) }`,
  billing: `
    type Patient @key(fields: "id") { id: ID! debt: Int bank: String @requiresScopes(scopes: [["banks"]]) pin: Int! @requiresScopes(scopes: [["banks"]]) }`,
});

const patient = (id: string) => ({ __typename: 'Patient', id, name: `P${id}`, secret: 'hidden' });

function ward() {
  const asked: string[] = [];
  const fetcher = (data: (request: SubgraphRequest) => object) => ({
    execute: async (request: SubgraphRequest) => {
      asked.push(request.query);
      return { data: { ...data(request) } };
    },
    subscribe: async () => ({ data: null }),
  });
  const engine = createGraphEngine<readonly string[]>({
    supergraphSdl,
    fetchers: new Map([
      ['patients', fetcher(() => ({ patients: [patient('1'), patient('2')], report: 'hidden' }))],
      [
        'billing',
        fetcher(({ variables }) => ({
          _entities: (variables['representations'] as { id: string }[]).map(({ id }) => ({ debt: Number(id) * 5, bank: 'hidden', pin: 1 })),
        })),
      ],
    ]),
    authorization: { mode: 'filter', claims: (scopes) => ({ isAuthenticated: true, scopes }) },
  });
  const follow = async (text: string, ...scopes: string[]) => {
    const operation = { document: parse(text), operationName: undefined, variables: {} };
    const answer = await engine.executeIncrementally(operation, scopes, new AbortController().signal);
    const later: IncrementalPart[] = [];
    if (answer.kind === 'begun')
      for await (const { incremental = [] } of answer.subsequent as AsyncIterable<SubsequentResult>) later.push(...incremental);
    return { first: answer.result, later: later.map((part) => JSON.parse(JSON.stringify(part)) as unknown) };
  };
  return { asked, follow };
}

const denied = (...path: (string | number)[]) =>
  expect.objectContaining({ path, extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }) as unknown;

describe('a deferred part of which the viewer may not have all', () => {
  it('comes later all the same, with nulls and their errors in it', async () => {
    const { follow, asked } = ward();
    const { first, later } = await follow('{ patients { name ... @defer(label: "money") { debt bank } } }');
    expect(first).toEqual({ data: { patients: [{ name: 'P1' }, { name: 'P2' }] } });
    expect(later).toEqual([
      { path: ['patients', 0], label: 'money', data: { debt: 5, bank: null }, errors: [denied('patients', 0, 'bank')] },
      { path: ['patients', 1], label: 'money', data: { debt: 10, bank: null }, errors: [denied('patients', 1, 'bank')] },
    ]);
    expect(asked.join()).not.toContain('bank');
  });

  it('is lost with what may not be null, and the rest of the answer stays', async () => {
    const { later } = await ward().follow('{ patients { name ... @defer { debt pin } } }');
    expect(later).toMatchObject([
      { path: ['patients', 0], data: null, errors: [denied('patients', 0, 'pin')] },
      { path: ['patients', 1], data: null, errors: [denied('patients', 1, 'pin')] },
    ]);
  });

  it('leaves the errors of what came at once to the first answer', async () => {
    const { first, later } = await ward().follow('{ report patients { secret ...F @defer } } fragment F on Patient { debt }');
    expect(first).toMatchObject({
      data: { report: null, patients: [{ secret: null }, { secret: null }] },
      errors: [denied('report'), denied('patients', 0, 'secret'), denied('patients', 1, 'secret')],
    });
    expect(later).toEqual([
      { path: ['patients', 0], data: { debt: 5 } },
      { path: ['patients', 1], data: { debt: 10 } },
    ]);
  });

  it('is told at once when nothing of it is left to ask for', async () => {
    const { first, later } = await ward().follow('{ patients { name ... @defer { bank } } }');
    expect(first.data).toEqual({
      patients: [
        { name: 'P1', bank: null },
        { name: 'P2', bank: null },
      ],
    });
    expect(first.errors).toMatchObject([denied('patients', 0, 'bank'), denied('patients', 1, 'bank')]);
    expect(later).toEqual([]);
  });

  it('is whole for whoever may have all of it', async () => {
    const { later } = await ward().follow('{ patients { name ... @defer { debt bank } } }', 'banks');
    expect(later).toMatchObject([{ data: { debt: 5, bank: 'hidden' } }, { data: { debt: 10, bank: 'hidden' } }]);
  });
});
