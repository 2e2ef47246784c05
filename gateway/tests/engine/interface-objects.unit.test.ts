import { describe, expect, it } from 'vitest';
import { served } from './served.js';

const titles: Record<string, { __typename: string; id: string; title: string; pages?: number; minutes?: number }> = {
  b1: { __typename: 'Book', id: 'b1', title: 'Dune', pages: 600 },
  f1: { __typename: 'Film', id: 'f1', title: 'Alien', minutes: 117 },
};

/** Loans and ratings know a Media as one object, and not what kinds of it there are. */
const library = () =>
  served({
    media: {
      sdl: `type Query { media(id: ID!): Media shelf: [Media!]! book: Book }
        interface Media @key(fields: "id") { id: ID! title: String }
        type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
        type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }`,
      resolvers: {
        Query: { media: (_: unknown, { id }: { id: string }) => titles[id], shelf: () => Object.values(titles), book: () => titles['b1'] },
        Media: { __resolveReference: ({ id }: { id: string }) => titles[id] },
        Book: { __resolveReference: ({ id }: { id: string }) => titles[id] },
        Film: { __resolveReference: ({ id }: { id: string }) => titles[id] },
      },
    },
    loans: {
      sdl: `type Query { lent: [Media!] } type Media @key(fields: "id") @interfaceObject { id: ID! days: Int! due(in: String = "days"): String }`,
      resolvers: {
        Query: { lent: () => [{ id: 'f1' }, { id: 'b1' }] },
        Media: {
          __resolveReference: (media: object) => media,
          days: ({ id }: { id: string }) => (id === 'b1' ? 14 : 3),
          due: ({ id }: { id: string }, args: { in: string }) => `${id} in ${args.in}`,
        },
      },
    },
    ratings: {
      sdl: `type Media @key(fields: "id") @interfaceObject { id: ID! title: String @external slogan: String @requires(fields: "title") }`,
      resolvers: {
        Media: { __resolveReference: (media: object) => media, slogan: ({ title }: { title: string }) => `${title}!` },
      },
    },
  });

describe('a field that a subgraph adds to an interface whose types it does not know', () => {
  it.each([
    [
      'on the interface',
      '{ shelf { days title } }',
      {
        shelf: [
          { days: 14, title: 'Dune' },
          { days: 3, title: 'Alien' },
        ],
      },
    ],
    ['on one of its types', '{ book { days due(in: "weeks") pages } }', { book: { days: 14, due: 'b1 in weeks', pages: 600 } }],
    [
      'in a fragment on one of its types',
      '{ shelf { ... on Film { days minutes } ... on Book { title } } }',
      { shelf: [{ title: 'Dune' }, { days: 3, minutes: 117 }] },
    ],
    ['with what it requires', '{ media(id: "f1") { slogan } }', { media: { slogan: 'Alien!' } }],
    ['of two subgraphs', '{ media(id: "b1") { slogan days ... on Book { pages } } }', { media: { slogan: 'Dune!', days: 14, pages: 600 } }],
  ])('is answered %s', async (_, text, expected) => {
    expect(await library().ask(text)).toEqual({ data: expected });
  });

  it.each([
    [
      'nothing more',
      '{ lent { id days } }',
      [
        { id: 'f1', days: 3 },
        { id: 'b1', days: 14 },
      ],
    ],
    [
      'their types',
      '{ lent { __typename days } }',
      [
        { __typename: 'Film', days: 3 },
        { __typename: 'Book', days: 14 },
      ],
    ],
    [
      'fields of their types',
      '{ lent { days ... on Book { pages title } ... on Film { minutes } } }',
      [
        { days: 3, minutes: 117 },
        { days: 14, pages: 600, title: 'Dune' },
      ],
    ],
    ['a field that requires one of elsewhere', '{ lent { slogan } }', [{ slogan: 'Alien!' }, { slogan: 'Dune!' }]],
  ])('leads on from objects that come from there: %s', async (_, text, expected) => {
    expect(await library().ask(text)).toEqual({ data: { lent: expected } });
  });

  it('of which no subgraph has any more is an error, not a silent null', async () => {
    const { ask } = served({
      a: { sdl: 'type Query { thing: Node } interface Node @key(fields: "id") { id: ID! }', resolvers: {} },
      b: {
        sdl: 'type Query { x: Int } type Node @key(fields: "id", resolvable: false) @interfaceObject { id: ID! field: String }',
        resolvers: {},
      },
    });
    expect(await ask('{ thing { field } }')).toMatchObject({
      data: null,
      errors: [{ message: 'No subgraph answers what this operation asks.' }],
    });
  });

  it('of which no subgraph says the type is an error where the type is asked', async () => {
    const { ask } = served({
      media: {
        sdl: `type Query { a: Int } interface Media @key(fields: "id") { id: ID! title: String }
          type Book implements Media @key(fields: "id") { id: ID! title: String }`,
        resolvers: { Media: { __resolveReference: () => null } },
      },
      loans: {
        sdl: 'type Query { lent: Media } type Media @key(fields: "id") @interfaceObject { id: ID! days: Int }',
        resolvers: { Query: { lent: () => ({ id: 'x', days: 3 }) } },
      },
    });
    expect(await ask('{ lent { days } }')).toEqual({ data: { lent: { days: 3 } } });
    const { data, errors } = await ask('{ lent { days __typename } }');
    expect(data).toEqual({ lent: null });
    expect(errors?.map(({ path }) => path)).toEqual([['lent', '__typename']]);
  });
});
