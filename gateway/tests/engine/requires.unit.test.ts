import { describe, expect, it } from 'vitest';
import { served } from './served.js';

const feeds = () =>
  served({
    blog: {
      sdl: `type Query { posts: [Post!] } type Post @key(fields: "id") { id: ID! }
        type Note @key(fields: "id") { id: ID! writer: String text: String }`,
      resolvers: {
        Query: { posts: () => [{ id: 'p1' }, { id: 'p2' }] },
        Note: { __resolveReference: ({ id }: { id: string }) => ({ id, writer: `writer of ${id}`, text: `text of ${id}` }) },
      },
    },
    notes: {
      sdl: `type Post @key(fields: "id") { id: ID! notes(first: Int! = 9): [Note!] last: String @requires(fields: "notes(first: 3) { writer }") }
        type Note @key(fields: "id") { id: ID! writer: String @external }`,
      resolvers: {
        Post: {
          __resolveReference: (post: { id: string; notes?: { writer: string }[] }) => post,
          notes: ({ id }: { id: string }, { first }: { first: number }) => Array.from({ length: first }, (_, i) => ({ id: `${id}-${i}` })),
          last: ({ notes }: { notes?: { writer: string }[] }) => (notes?.length === 3 ? notes[2]?.writer : 'wrong number of notes'),
        },
        Note: { __resolveReference: (note: { id: string }) => note },
      },
    },
  });

describe('a field that @requires asks with arguments', () => {
  it.each([
    ['alone', '{ posts { last } }', {}, {}],
    ['beside the same field with other arguments', '{ posts { last notes(first: 1) { id } } }', { notes: [{ id: 'p1-0' }] }, {}],
    [
      'beside the same field with the same arguments',
      '{ posts { notes(first: 3) { text } last } }',
      { notes: [0, 1, 2].map((i) => ({ text: `text of p1-${i}` })) },
      {},
    ],
    [
      'beside the same field with a variable',
      'query Q($n: Int = 1) { posts { last notes(first: $n) { id } } }',
      { notes: [{ id: 'p1-0' }, { id: 'p1-1' }] },
      { n: 2 },
    ],
    [
      'beside the same field twice under other names',
      '{ posts { a: notes(first: 1) { id } last notes: last b: notes(first: 2) { writer } } }',
      { a: [{ id: 'p1-0' }], notes: 'writer of p1-2', b: [{ writer: 'writer of p1-0' }, { writer: 'writer of p1-1' }] },
      {},
    ],
    [
      'beside the same field in two fragments',
      'query Q($n: Int = 1) { posts { last ...A ...B } } fragment A on Post { notes(first: $n) { id } } fragment B on Post { notes(first: $n) { writer } }',
      { notes: [{ id: 'p1-0', writer: 'writer of p1-0' }] },
      {},
    ],
  ])('is right %s', async (_, text, expected, variables) => {
    const { data, errors } = await feeds().ask(text, variables);
    expect(errors).toBeUndefined();
    expect((data as { posts: object[] }).posts[0]).toEqual({ last: 'writer of p1-2', ...expected });
  });

  it('has its errors under the name that clients know', async () => {
    const subgraphs = served({
      a: {
        sdl: 'type Query { item: Item } type Item @key(fields: "id") { id: ID! size(in: String): Int }',
        resolvers: {
          Query: {
            item: () => ({
              id: '1',
              size: () => {
                throw new Error('no scale');
              },
            }),
          },
        },
      },
      b: {
        sdl: 'type Item @key(fields: "id") { id: ID! size(in: String): Int @external box: String @requires(fields: "size(in: \\"cm\\")") }',
        resolvers: {
          Item: { __resolveReference: (item: object) => item, box: ({ size }: { size?: number }) => (size === null ? null : String(size)) },
        },
      },
    });
    const { data, errors } = await subgraphs.ask('{ item { box } }');
    expect(data).toEqual({ item: { box: null } });
    expect(errors?.map(({ message, path }) => [message, path])).toEqual([['no scale', ['item', 'size']]]);
  });
});

const shop = () =>
  served({
    prices: {
      sdl: `type Query { goods: [Good!] } type Good @key(fields: "id") { id: ID! price(currency: String!): Int weight: Int parts: [Part!] }
        type Part @shareable { price(currency: String!): Int }`,
      resolvers: {
        Query: { goods: () => [good(1), good(2)] },
      },
    },
    shipping: {
      sdl: `type Good @key(fields: "id") { id: ID! weight: Int @external price(currency: String!): Int @external parts: [Part!] @external
          inDollars(factor: Int = 1): String @requires(fields: "price(currency: \\"USD\\") weight")
          inEuros: String @requires(fields: "price(currency: \\"EUR\\") weight")
          both: String @requires(fields: "parts { price(currency: \\"EUR\\") }")
          plain: String }
        type Part @shareable { price(currency: String!): Int @external }`,
      resolvers: {
        Good: {
          __resolveReference: (given: object) => given,
          inDollars: (given: { price: number; weight: number }, { factor }: { factor: number }) =>
            `$${given.price * given.weight * factor}`,
          inEuros: (given: { price: number; weight: number }) => `${given.price * given.weight} EUR`,
          both: (given: { parts: { price: number }[] }) => given.parts.map(({ price }) => price).join('+'),
          plain: ({ id }: { id: string }) => `plain ${id}`,
        },
      },
    },
  });

const rates: Record<string, number> = { USD: 10, EUR: 9, SEK: 100 };
const price =
  (n: number) =>
  ({ currency }: { currency: string }) =>
    n * (rates[currency] ?? 0);
const good = (n: number) => ({ id: String(n), weight: n, price: price(n), parts: [{ price: price(n) }, { price: price(n + 1) }] });

describe('two @requires that ask one field with different arguments', () => {
  it('each get their own, and the client a third', async () => {
    const { ask } = shop();
    const text = 'query Q($f: Int, $in: String!) { goods { inDollars(factor: $f) inEuros both plain price(currency: $in) } }';
    const { data, errors } = await ask(text, { f: 2, in: 'SEK' });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      goods: [
        { inDollars: '$20', inEuros: '9 EUR', both: '9+18', plain: 'plain 1', price: 100 },
        { inDollars: '$80', inEuros: '36 EUR', both: '18+27', plain: 'plain 2', price: 200 },
      ],
    });
  });

  it('need one fetch when only one of them is asked', async () => {
    const { ask, asked } = shop();
    await ask('{ goods { inEuros plain } }');
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['prices', 'shipping']);
  });

  it('are asked under the names that the subgraph knows, in fetches side by side', async () => {
    const { ask, asked } = shop();
    await ask('{ goods { a: inDollars b: inEuros } }');
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['prices', 'shipping', 'shipping']);
    expect(asked.slice(1).map(({ variables }) => Object.keys((variables['representations'] as object[])[0] ?? {}).toSorted())).toEqual(
      Array.from({ length: 2 }, () => ['__typename', 'id', 'price', 'weight']),
    );
  });
});

describe('@requires', () => {
  it('follows on another one, over three subgraphs', async () => {
    const { ask } = served({
      a: {
        sdl: 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! x: Int }',
        resolvers: { Query: { thing: () => ({ id: '1', x: 2 }) } },
      },
      b: {
        sdl: 'type Thing @key(fields: "id") { id: ID! x: Int @external y: Int @requires(fields: "x") }',
        resolvers: { Thing: { __resolveReference: (given: object) => given, y: ({ x }: { x: number }) => x * 10 } },
      },
      c: {
        sdl: 'type Thing @key(fields: "id") { id: ID! y: Int @external z: Int @requires(fields: "y") }',
        resolvers: { Thing: { __resolveReference: (given: object) => given, z: ({ y }: { y: number }) => y + 1 } },
      },
    });
    expect(await ask('{ thing { z } }')).toEqual({ data: { thing: { z: 21 } } });
    expect(await ask('{ thing { x: z y: x z: y } }')).toEqual({ data: { thing: { x: 21, y: 2, z: 20 } } });
  });

  it('follows on what another subgraph says of an object that clients do not ask for', async () => {
    const { ask, asked } = posts();
    const { data } = await ask('{ posts { isByNovice } }');
    expect(data).toEqual({ posts: [{ isByNovice: true }, { isByNovice: false }] });
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['people', 'blog', 'people', 'blog']);
  });

  it.each(['{ posts { author { years } isByNovice } }', '{ posts { isByNovice author { id years name } } }'])(
    'follows on what another subgraph says of an object that clients ask for: %s',
    async (text) => {
      const { data } = await posts().ask(text);
      expect(data).toMatchObject({
        posts: [
          { author: { years: 5 }, isByNovice: true },
          { author: { years: 20 }, isByNovice: false },
        ],
      });
    },
  );

  it.each(['{ box { area } }', '{ box { size { width } area } }', '{ box { size { height width } area } }'])(
    'is told all of an object of which two subgraphs know one part each: %s',
    async (text) => {
      const { data } = await boxes().ask(text);
      expect(data).toMatchObject({ box: { area: 6 } });
    },
  );
});

const boxes = () =>
  served({
    widths: {
      sdl: `type Query { box: Box } type Box @key(fields: "id") { id: ID! size: Size @shareable } type Size @shareable { width: Int }`,
      resolvers: { Query: { box: () => ({ id: '1', size: { width: 2 } }) } },
    },
    heights: {
      sdl: `type Box @key(fields: "id") { id: ID! size: Size @shareable } type Size @shareable { height: Int }`,
      resolvers: { Box: { __resolveReference: (given: object) => given, size: () => ({ height: 3 }) } },
    },
    areas: {
      sdl: `type Box @key(fields: "id") { id: ID! size: Size @external area: Int @requires(fields: "size { width height }") }
        type Size @shareable { width: Int @external height: Int @external }`,
      resolvers: {
        Box: {
          __resolveReference: (given: object) => given,
          area: ({ size }: { size: { width: number; height: number } | null }) => (size ? size.width * size.height : 0),
        },
      },
    },
  });

const years: Record<string, number> = { john: 5, jane: 20 };

const posts = () =>
  served({
    people: {
      sdl: `type Query { posts: [Post!] } type Post @key(fields: "id") { id: ID! }
        type Author @key(fields: "id") { id: ID! name: String years: Int! }`,
      resolvers: {
        Query: { posts: () => Object.keys(years).map((id) => ({ id })) },
        Author: { name: ({ id }: { id: string }) => `name of ${id}`, years: ({ id }: { id: string }) => years[id] },
      },
    },
    blog: {
      sdl: `type Post @key(fields: "id") { id: ID! author: Author! isByNovice: Boolean @requires(fields: "author { years }") }
        type Author @key(fields: "id") { id: ID! years: Int! @external }`,
      resolvers: {
        Post: {
          __resolveReference: ({ id, author }: { id: string; author?: object }) => ({ id, author: { id, ...author } }),
          isByNovice: ({ author }: { author: { years?: number } }) => (author.years === undefined ? null : author.years < 10),
        },
      },
    },
  });
