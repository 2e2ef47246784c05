import { describe, expect, it } from 'vitest';
import { served } from './served.js';

const byType = ({ __typename }: { __typename: string }) => __typename;

const cat = { __typename: 'Cat', id: 'c', name: 'Tom', lives: 9 };
const dog = { __typename: 'Dog', id: 'd', name: 'Rex', tricks: ['sit'] };
const fish = { __typename: 'Fish', id: 'f', depth: 2.5 };

/** The union has other members in each subgraph, and the interface has a field that one of its types lacks elsewhere. */
const zoo = () =>
  served({
    animals: {
      sdl: `type Query { things: [Thing!]! animals: [Animal] pet: Animal }
        interface Animal { id: ID! name: String }
        type Cat implements Animal @key(fields: "id") { id: ID! name: String lives: Int }
        type Dog implements Animal @key(fields: "id") { id: ID! name: String tricks: [String!] }
        type Fish @key(fields: "id") { id: ID! depth: Float }
        union Thing = Cat | Dog | Fish`,
      resolvers: {
        Query: { things: () => [cat, dog, fish], animals: () => [dog, null, cat], pet: () => cat },
        Animal: { __resolveType: byType },
        Cat: { __resolveReference: () => cat },
        Dog: { __resolveReference: () => dog },
        Thing: { __resolveType: byType },
      },
    },
    food: {
      sdl: `type Query { hungry: [Thing] }
        interface Eats { meal(times: Int = 1): Meal }
        type Cat implements Eats @key(fields: "id") { id: ID! meal(times: Int = 1): Meal friend: Thing }
        type Dog implements Eats @key(fields: "id") { id: ID! meal(times: Int = 1): Meal friend: Thing }
        union Thing = Cat | Dog
        type Meal { food: String! kind: Kind size: Size }
        enum Kind { DRY WET RAW @inaccessible }
        enum Size { SMALL LARGE HUGE GIANT }`,
      resolvers: {
        Query: { hungry: () => [{ __typename: 'Dog', id: 'd' }, null, { __typename: 'Cat', id: 'c' }] },
        Thing: { __resolveType: byType },
        Eats: { __resolveType: byType },
        Cat: {
          __resolveReference: ({ id }: { id: string }) => ({ __typename: 'Cat', id }),
          meal: (_: unknown, { times }: { times: number }) => ({ food: `mice x${times}`, kind: 'RAW', size: 'SMALL' }),
          friend: () => ({ __typename: 'Dog', id: 'd' }),
        },
        Dog: {
          __resolveReference: ({ id }: { id: string }) => ({ __typename: 'Dog', id }),
          meal: (_: unknown, { times }: { times: number }) => ({ food: `bones x${times}`, kind: 'DRY', size: 'HUGE' }),
          friend: () => null,
        },
      },
    },
    boxes: {
      sdl: `type Query { size: Size } enum Size { SMALL LARGE HUGE GIANT }`,
      resolvers: { Query: { size: () => 'GIANT' } },
    },
  });

describe('types that lie in several subgraphs', () => {
  it.each([
    [
      'a union that has more members here than there',
      '{ things { __typename ... on Cat { name } ... on Fish { depth } } }',
      { things: [{ __typename: 'Cat', name: 'Tom' }, { __typename: 'Dog' }, { __typename: 'Fish', depth: 2.5 }] },
    ],
    [
      'a union that has fewer members there',
      '{ hungry { ... on Dog { tricks } ... on Cat { lives } ... on Fish { depth } } }',
      { hungry: [{ tricks: ['sit'] }, null, { lives: 9 }] },
    ],
    [
      'fields of its members elsewhere',
      'query Q($n: Int) { things { ... on Cat { meal(times: $n) { food } } ... on Dog { name meal { food } } } }',
      { things: [{ meal: { food: 'mice x3' } }, { name: 'Rex', meal: { food: 'bones x1' } }, {}] },
    ],
    [
      'an interface that another subgraph knows the types of, not the interface',
      '{ animals { name ... on Eats { meal { size } } } pet { ... on Cat { friend { ... on Dog { name tricks } } } } }',
      {
        animals: [{ name: 'Rex', meal: { size: 'HUGE' } }, null, { name: 'Tom', meal: { size: 'SMALL' } }],
        pet: { friend: { name: 'Rex', tricks: ['sit'] } },
      },
    ],
    [
      'fragments in fragments',
      '{ things { ... on Animal { ... on Eats { ... on Cat { lives } ... on Animal { id } } } ...F } } fragment F on Thing { ... on Animal { ... on Dog { friend { __typename } } } }',
      { things: [{ lives: 9, id: 'c' }, { id: 'd', friend: null }, {}] },
    ],
    [
      'one name for fields of several types',
      '{ things { ... on Cat { it: name } ... on Dog { it: name } ... on Fish { that: depth } } }',
      { things: [{ it: 'Tom' }, { it: 'Rex' }, { that: 2.5 }] },
    ],
    ['an enum that has more values there', '{ size }', { size: 'GIANT' }],
  ])('%s', async (_, text, expected) => {
    expect(await zoo().ask(text, { n: 3 })).toEqual({ data: expected });
  });

  it('a value of an enum that clients may not see is null, with an error', async () => {
    const { data, errors } = await zoo().ask('{ things { ... on Eats { meal { kind food } } } }');
    expect(data).toEqual({ things: [{ meal: { kind: null, food: 'mice x1' } }, { meal: { kind: 'DRY', food: 'bones x1' } }, {}] });
    expect(errors?.map(({ path }) => path?.join('.'))).toEqual(['things.0.meal.kind']);
  });
});
