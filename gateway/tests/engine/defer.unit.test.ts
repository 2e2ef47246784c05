import { describe, expect, it } from 'vitest';
import type { IncrementalPart, SubsequentResult } from '../../src/engine/incremental.js';
import { served } from './served.js';

const shop = () =>
  served({
    goods: {
      sdl: `type Query { goods: [Good!] best: Good any: Any } type Mutation { add: Good } union Any = Good | Box
        type Good @key(fields: "id") { id: ID! title: String slow: String box: Box } type Box { size: Int lid: Lid } type Lid { colour: String }`,
      resolvers: {
        Query: { goods: () => [good('1'), good('2')], best: () => good('1'), any: () => ({ __typename: 'Good', ...good('3') }) },
        Mutation: { add: () => good('9') },
        Any: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
        Good: { __resolveReference: ({ id }: { id: string }) => good(id) },
      },
    },
    stock: {
      sdl: 'type Good @key(fields: "id") { id: ID! count: Int must: Int! place: Place } type Place @key(fields: "code") { code: ID! }',
      resolvers: {
        Good: {
          __resolveReference: (given: object) => given,
          count: ({ id }: { id: string }) => Number(id) * 10,
          must: () => {
            throw new Error('no');
          },
          place: ({ id }: { id: string }) => ({ code: `p${id}` }),
        },
      },
    },
    places: {
      sdl: 'type Place @key(fields: "code") { code: ID! town: String }',
      resolvers: { Place: { __resolveReference: ({ code }: { code: string }) => ({ code, town: `town ${code}` }) } },
    },
  });
const good = (id: string) => ({ id, title: `Good ${id}`, slow: `slow ${id}`, box: { size: Number(id), lid: { colour: 'red' } } });

/** What came later, by path and label. */
function later(results: readonly object[]) {
  const parts = (results.slice(1) as SubsequentResult[]).flatMap(({ incremental = [] }) => incremental);
  const told = parts.map(({ path, label, data, errors }: IncrementalPart) => ({
    at: [...path, ...(label === undefined ? [] : [`@${label}`])].join('.'),
    data,
    ...(errors && { errors: errors.map(({ path: where }) => where?.join('.')) }),
  }));
  return told.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

describe('what is deferred', () => {
  it('comes after what is not, for every object of a list', async () => {
    const results = await shop().follow('{ goods { title ... @defer(label: "stock") { count } } }');
    expect(results[0]).toEqual({ data: { goods: [{ title: 'Good 1' }, { title: 'Good 2' }] } });
    expect(later(results)).toEqual([
      { at: 'goods.0.@stock', data: { count: 10 } },
      { at: 'goods.1.@stock', data: { count: 20 } },
    ]);
    expect(results.slice(1).map((result) => (result as SubsequentResult).hasNext)).toEqual([true, false]);
  });

  it('may defer more', async () => {
    const results = await shop().follow(
      '{ best { id ... @defer(label: "a") { count ...P @defer(label: "b") } } } fragment P on Good { place { ... @defer(label: "c") { town } code } }',
    );
    expect(results[0]).toEqual({ data: { best: { id: '1' } } });
    expect(later(results)).toEqual([
      { at: 'best.@a', data: { count: 10 } },
      { at: 'best.@b', data: { place: { code: 'p1' } } },
      { at: 'best.place.@c', data: { town: 'town p1' } },
    ]);
  });

  it.each([
    [
      'the only selection of its object',
      '{ best { box { ... @defer { size } } } }',
      { best: { box: {} } },
      [{ at: 'best.box', data: { size: 1 } }],
    ],
    [
      'at the root',
      '{ best { id } ... @defer { any { ... on Good { count } } } }',
      { best: { id: '1' } },
      [{ at: '', data: { any: { count: 30 } } }],
    ],
    [
      'of one type of a union',
      '{ any { __typename ... on Good @defer { title count } ... on Box @defer { size } } }',
      { any: { __typename: 'Good' } },
      [{ at: 'any', data: { title: 'Good 3', count: 30 } }],
    ],
    [
      'of a fragment in two places',
      '{ best { ...F @defer } any { ... on Good { ...F @defer } } } fragment F on Good { title ... @defer(label: "in") { count } }',
      { best: {}, any: {} },
      [
        { at: 'any', data: { title: 'Good 3' } },
        { at: 'any.@in', data: { count: 30 } },
        { at: 'best', data: { title: 'Good 1' } },
        { at: 'best.@in', data: { count: 10 } },
      ],
    ],
  ])('may be %s', async (_, text, first, expected) => {
    const results = await shop().follow(text);
    expect(results[0]).toEqual({ data: first });
    expect(later(results)).toEqual(expected);
  });

  it('may be under names that are keys', async () => {
    const results = await shop().follow('{ best { id: title ... @defer { count: id code: count } } }');
    expect(results[0]).toEqual({ data: { best: { id: 'Good 1' } } });
    expect(later(results)).toEqual([{ at: 'best', data: { count: '1', code: 10 } }]);
  });

  it('has its errors with it', async () => {
    const results = await shop().follow('{ goods { id ... @defer { must } } }');
    expect(results[0]).toEqual({ data: { goods: [{ id: '1' }, { id: '2' }] } });
    expect(later(results)).toEqual([
      { at: 'goods.0', data: null, errors: ['goods.0.must'] },
      { at: 'goods.1', data: null, errors: ['goods.1.must'] },
    ]);
  });

  it('is not when the client says so in a variable', async () => {
    const text = 'query Q($d: Boolean!) { best { title ... @defer(if: $d) { count } } }';
    expect(await shop().follow(text, { d: false })).toEqual([{ data: { best: { title: 'Good 1', count: 10 } } }]);
    expect((await shop().follow(text, { d: true }))[0]).toEqual({ data: { best: { title: 'Good 1' } } });
  });

  it('is not in something that is left out', async () => {
    const text = 'query Q($w: Boolean!) { best { id ... @include(if: $w) { ... @defer { count } } } }';
    expect((await shop().follow(text, { w: false }))[0]).toEqual({ data: { best: { id: '1' } } });
    expect(later(await shop().follow(text, { w: false }))).toEqual([]);
    expect(later(await shop().follow(text, { w: true }))).toEqual([{ at: 'best', data: { count: 10 } }]);
  });

  it.each([
    [
      'a client that takes everything at once',
      (text: string) =>
        shop()
          .ask(text)
          .then((result) => [result]),
      '{ best { title ... @defer { count } } }',
      { best: { title: 'Good 1', count: 10 } },
    ],
    [
      'a mutation',
      (text: string) => shop().follow(text),
      'mutation { add { title ... @defer { count } } }',
      { add: { title: 'Good 9', count: 90 } },
    ],
    [
      'very many parts',
      (text: string) => shop().follow(text),
      `{ best { title ${'... @defer { count } '.repeat(31)} } }`,
      { best: { title: 'Good 1', count: 10 } },
    ],
  ])('is answered at once for %s', async (_, run, text, expected) => {
    expect(await run(text)).toEqual([{ data: expected }]);
  });
});
