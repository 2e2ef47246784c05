import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { WrittenResult } from '../../src/engine/written-result.js';
import { served, type TestSubgraph } from './served.js';

const books = [
  { id: 'b1', title: 'A "quoted" \\ title\n', price: 9.5, by: ['a1', 'a2'] },
  { id: 'b2', title: 'Ünïcödé 📚 \u2028', price: 12, by: ['a1'] },
  { id: 'b3', title: '', price: null, by: [] },
];
const authors = (ids: string[]) => ids.map((id) => ({ __typename: 'Author', id }));

const catalog: TestSubgraph = {
  sdl: `type Query { books: [Book!]! book(id: ID!): Book shelf: [Item]! }
    union Item = Book | Toy
    type Toy { id: ID! age: Int }
    type Book @key(fields: "id") { id: ID! title: String! price: Float by: [Author!]! }
    type Author @key(fields: "id", resolvable: false) { id: ID! }`,
  resolvers: {
    Query: {
      books: () => books,
      book: (_: unknown, args: { id: string }) => books.find(({ id }) => id === args.id) ?? null,
      shelf: () => [books[0], null, { id: 't1', age: 3 }],
    },
    Item: { __resolveType: (item: object) => ('age' in item ? 'Toy' : 'Book') },
    Book: { by: ({ by }: { by: string[] }) => authors(by) },
  },
};

const people: TestSubgraph = {
  sdl: `type Author @key(fields: "id") { id: ID! name: String! born: Int }`,
  resolvers: { Author: { name: ({ id }: { id: string }) => `Author ${id}`, born: () => 1969 } },
};

const PAGE = '{ books { title by { born name id } price __typename } }';
const page = {
  books: books.map(({ title, price, by }) => ({
    title,
    by: by.map((id) => ({ born: 1969, name: `Author ${id}`, id })),
    price,
    __typename: 'Book',
  })),
};

const library = (asText: (text: string, subgraph: string) => string = asItIs, splicedAfter = 0) =>
  served({ catalog, people }, { asText, splicedAfter });

const asItIs = (text: string) => text;

describe('a response is put together of texts', () => {
  it('as it is put together of values, to the last character', async () => {
    const shop = library();
    const result = await shop.ask(PAGE);
    expect(result).toBeInstanceOf(WrittenResult);
    expect(result instanceof WrittenResult && result.text).toBe(JSON.stringify({ data: page }));
    expect(result.data).toEqual(page);
  });

  it('with equal entities asked for once', async () => {
    const shop = library();
    await shop.ask(PAGE);
    const [, request] = shop.asked;
    expect(request?.variables).toEqual({ representations: authors(['a1', 'a2']) });
    expect(shop.asked).toHaveLength(2);
  });

  it('of types that differ, and nulls among them', async () => {
    const result = await library().ask('{ shelf { ... on Toy { id age } ... on Book { id by { name } } } }');
    expect(result).toBeInstanceOf(WrittenResult);
    expect(result.data).toEqual({
      shelf: [{ id: 'b1', by: [{ name: 'Author a1' }, { name: 'Author a2' }] }, null, { id: 't1', age: 3 }],
    });
  });

  it('with the fields that variables decide', async () => {
    const shop = library();
    const text = 'query ($id: ID!, $full: Boolean!) { book(id: $id) { title @include(if: $full) by @skip(if: $full) { name } } }';
    const results = [await shop.ask(text, { id: 'b2', full: true }), await shop.ask(text, { id: 'b2', full: false })];
    expect(results.every((result) => result instanceof WrittenResult)).toBe(true);
    expect(results.map(({ data }) => data)).toEqual([{ book: { title: books[1]?.title } }, { book: { by: [{ name: 'Author a1' }] } }]);
  });
});

describe('objects that are always there', () => {
  const makers = [
    { id: 'm1', seat: { town: 'Ulm', head: { id: 'a1', since: 1990 }, staff: [{ id: 'a2' }] }, twin: null },
    { id: 'm2', seat: { town: 'Bonn', head: { id: 'a1', since: 2001 }, staff: [] }, twin: { seat: { town: 'Ulm', head: { id: 'a3' } } } },
  ];
  const toys = ['m1', 'm2', 'm1'].map((id, n) => ({ id: `t${n}`, maker: { __typename: 'Maker', id } }));
  const makerOf = ({ id }: { id: string }) => makers.find((maker) => maker.id === id) ?? null;
  const shop = () =>
    served(
      {
        toys: {
          sdl: `type Query { toys: [Toy!]! } type Toy { id: ID! maker: Maker! } type Maker @key(fields: "id", resolvable: false) { id: ID! }`,
          resolvers: { Query: { toys: () => toys } },
        },
        makers: {
          sdl: `type Maker @key(fields: "id") { id: ID! seat: Seat! twin: Twin } type Twin { seat: Seat! }
            type Seat { town: String! head: Author! staff: [Author!]! } type Author @key(fields: "id") { id: ID! since: Int @shareable }`,
          resolvers: { Maker: { __resolveReference: makerOf } },
        },
        people,
        fame: {
          sdl: 'type Author @key(fields: "id") { id: ID! fame: Int! }',
          resolvers: { Author: { fame: ({ id }: { id: string }) => id.length } },
        },
      },
      { asText: asItIs, splicedAfter: 0 },
    );
  const person = (id: string) => ({ name: `Author ${id}`, fame: 2, id });

  it('are put together of several answers, whatever lies in them', async () => {
    const { ask } = shop();
    const result = await ask(`{ toys { maker { twin { seat { head { name fame id } town } }
      seat { staff { name fame id } town head { name fame since id } } id } id } }`);
    const made = {
      m1: {
        twin: null,
        seat: { staff: [person('a2')], town: 'Ulm', head: { name: 'Author a1', fame: 2, since: 1990, id: 'a1' } },
        id: 'm1',
      },
      m2: {
        twin: { seat: { head: person('a3'), town: 'Ulm' } },
        seat: { staff: [], town: 'Bonn', head: { name: 'Author a1', fame: 2, since: 2001, id: 'a1' } },
        id: 'm2',
      },
    };
    expect(result).toBeInstanceOf(WrittenResult);
    const expected = [made.m1, made.m2, made.m1].map((maker, n) => ({ maker, id: `t${n}` }));
    expect(result instanceof WrittenResult && result.text).toBe(JSON.stringify({ data: { toys: expected } }));
  });

  it('are asked for once by each of those who know of them', async () => {
    const { ask, asked } = shop();
    await ask('{ toys { maker { seat { head { name fame } } } } }');
    const [, , ...others] = asked;
    expect(others.map(({ variables }) => variables)).toEqual([{ representations: authors(['a1']) }, { representations: authors(['a1']) }]);
  });
});

describe('an answer that does not look as expected is read as any other, and nobody is asked twice', () => {
  const withError = '{"data":{"_entities":[{"name":"Author a1","born":null},null]},"errors":[{"message":"lost","path":["_entities",1]}]}';
  const cases: [string, (text: string, subgraph: string) => string, (result: string) => void][] = [
    ['white space', (text) => JSON.stringify(JSON.parse(text), null, 1), (result) => expect(JSON.parse(result)).toEqual({ data: page })],
    [
      'another order of fields',
      (text, subgraph) => (subgraph === 'people' ? text.replaceAll(/("born":\d+),("name":"[^"]*")/g, '$2,$1') : text),
      (result) => expect(JSON.parse(result)).toEqual({ data: page }),
    ],
    [
      'a number in another form',
      (text, subgraph) => (subgraph === 'people' ? text.replaceAll('1969', '1.969e3') : text),
      (result) => expect(JSON.parse(result)).toEqual({ data: page }),
    ],
    [
      'a value of another type',
      (text, subgraph) => (subgraph === 'people' ? text.replaceAll('1969', '"then"') : text),
      (result) => expect(result).toContain('Author.born holds a value that is no Int.'),
    ],
    [
      'a null that is not allowed',
      (text, subgraph) => (subgraph === 'people' ? text.replaceAll(/"name":"[^"]*"/g, '"name":null') : text),
      (result) => expect(result).toContain('Cannot return null for non-nullable field Author.name.'),
    ],
    ['an error', (text, subgraph) => (subgraph === 'people' ? withError : text), (result) => expect(result).toContain('"lost"')],
    [
      'fewer entities than were asked for',
      (text, subgraph) => (subgraph === 'people' ? '{"data":{"_entities":[{"born":1,"name":"one"}]}}' : text),
      (result) => expect(result).toContain('people answered 2 representations with something else'),
    ],
    [
      'something behind the answer',
      (text, subgraph) => (subgraph === 'people' ? `${text}{}}` : text),
      (result) => expect(result).toContain('"errors"'),
    ],
  ];

  it.each(cases)('%s', async (_, asText, expectation) => {
    const shop = library(asText);
    const result = await shop.ask(PAGE);
    expect(result).not.toBeInstanceOf(WrittenResult);
    expectation(JSON.stringify(result));
    expect(shop.asked.map(({ subgraph }) => subgraph)).toEqual(['catalog', 'people']);
  });
});

it('an operation is put together of texts again as soon as a subgraph that was away answers', async () => {
  let isAway = true;
  const { engine } = library((text, subgraph) => {
    if (isAway && subgraph === 'people') throw new Error('away');
    return text;
  });
  const operation = { document: parse(PAGE), operationName: undefined, variables: {} };
  const ask = () => engine.execute(operation, '', new AbortController().signal);
  for (let i = 0; i < 20; i++) expect(await ask()).not.toBeInstanceOf(WrittenResult);
  isAway = false;
  expect(await ask()).toBeInstanceOf(WrittenResult);
});
