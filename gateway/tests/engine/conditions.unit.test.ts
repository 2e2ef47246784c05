import { describe, expect, it } from 'vitest';
import { served } from './served.js';

const shop = () =>
  served({
    a: {
      sdl: `type Query { item: Item items: [Item!] any: Any word: String } union Any = Item | Box
        type Item @key(fields: "id") { id: ID! name: String box: Box } type Box @key(fields: "n") { n: Int }`,
      resolvers: {
        Query: { item: () => item, items: () => [item, item], any: () => ({ __typename: 'Box', n: 2 }), word: () => 'here' },
        Any: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
      },
    },
    b: {
      sdl: `type Query { other: String } type Item @key(fields: "id") { id: ID! price: Int stock: Stock } type Stock { count: Int place: Box }
        type Box @key(fields: "n") { n: Int }`,
      resolvers: {
        Query: { other: () => 'there' },
        Item: { __resolveReference: (given: object) => given, price: () => 5, stock: () => ({ count: 7, place: { n: 3 } }) },
      },
    },
    c: {
      sdl: 'type Box @key(fields: "n") { n: Int volume: Int }',
      resolvers: { Box: { __resolveReference: (box: object) => box, volume: ({ n }: { n: number }) => n * 100 } },
    },
  });
const item = { __typename: 'Item', id: '1', name: 'Chair', box: { n: 1 } };

/** Each text with the subgraphs that are asked and the data when `$on` is true, and when it is false. */
const cases: [string, string, [string[], object], [string[], object]][] = [
  ['a field of the root', '{ word other @include(if: $on) }', [['a', 'b'], { word: 'here', other: 'there' }], [['a'], { word: 'here' }]],
  ['everything', '{ other @skip(if: $on) }', [[], {}], [['b'], { other: 'there' }]],
  ['an object', '{ item @include(if: $on) { name } word }', [['a'], { item: { name: 'Chair' }, word: 'here' }], [['a'], { word: 'here' }]],
  [
    'a field of another subgraph',
    '{ item { name price @skip(if: $on) } }',
    [['a'], { item: { name: 'Chair' } }],
    [['a', 'b'], { item: { name: 'Chair', price: 5 } }],
  ],
  [
    'the only field',
    '{ items { price @include(if: $on) } }',
    [['a', 'b'], { items: [{ price: 5 }, { price: 5 }] }],
    [['a'], { items: [{}, {}] }],
  ],
  [
    'a field below one of another subgraph',
    '{ item { stock { count place @include(if: $on) { volume } } } }',
    [['a', 'b', 'c'], { item: { stock: { count: 7, place: { volume: 300 } } } }],
    [['a', 'b'], { item: { stock: { count: 7 } } }],
  ],
  [
    'a fragment',
    '{ item { ... @include(if: $on) { price } name } }',
    [['a', 'b'], { item: { price: 5, name: 'Chair' } }],
    [['a'], { item: { name: 'Chair' } }],
  ],
  [
    'a fragment on a type',
    '{ any { ... on Box @include(if: $on) { volume } ... on Item { name } } }',
    [['a', 'c'], { any: { volume: 200 } }],
    [['a'], { any: {} }],
  ],
  [
    'a named fragment',
    '{ item { ...F @include(if: $on) ...G } } fragment F on Item { box { volume } } fragment G on Item { box { n } }',
    [['a', 'c'], { item: { box: { volume: 100, n: 1 } } }],
    [['a'], { item: { box: { n: 1 } } }],
  ],
  [
    'one of two of the same field',
    '{ item { price @include(if: $on) price } }',
    [['a', 'b'], { item: { price: 5 } }],
    [['a', 'b'], { item: { price: 5 } }],
  ],
  [
    'two levels that say the opposite',
    '{ item @include(if: $on) { price @skip(if: $on) name } word }',
    [['a'], { item: { name: 'Chair' }, word: 'here' }],
    [['a'], { word: 'here' }],
  ],
  [
    'both directives at once',
    '{ word other @include(if: $on) @skip(if: false) }',
    [['a', 'b'], { word: 'here', other: 'there' }],
    [['a'], { word: 'here' }],
  ],
  [
    'the type name',
    '{ item { __typename @include(if: $on) t: __typename @skip(if: $on) } }',
    [['a'], { item: { __typename: 'Item' } }],
    [['a'], { item: { t: 'Item' } }],
  ],
  [
    'an object and the opposite of all its fields',
    '{ item @include(if: $on) { name @skip(if: $on) stock @skip(if: $on) { count } } }',
    [['a'], { item: {} }],
    [[], {}],
  ],
  [
    'all fields of an object in fragments',
    '{ items { ... { ... { name @include(if: $on) } } ...F } } fragment F on Item { price @skip(if: true) }',
    [['a'], { items: [{ name: 'Chair' }, { name: 'Chair' }] }],
    [['a'], { items: [{}, {}] }],
  ],
];

describe('@skip and @include', () => {
  it.each(cases)('of %s decide what is answered and who is asked', async (_, text, whenOn, whenOff) => {
    for (const [on, [subgraphs, data]] of [
      [true, whenOn],
      [false, whenOff],
    ] as const) {
      const { ask, asked } = shop();
      const result = await ask(`query Q($on: Boolean!) ${text}`, { on });
      expect(JSON.stringify(result)).toBe(JSON.stringify({ data }));
      expect([...new Set(asked.map(({ subgraph }) => subgraph))]).toEqual(subgraphs);
    }
  });

  it('take a default, and refuse null', async () => {
    const { ask } = shop();
    expect((await ask('query Q($on: Boolean = true) { word @include(if: $on) }')).data).toEqual({ word: 'here' });
    expect(await ask('query Q($on: Boolean = true) { word @include(if: $on) }', { on: null })).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });
});
