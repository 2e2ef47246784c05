import { describe, expect, it } from 'vitest';
import { served } from './served.js';

describe('@provides', () => {
  const reviews = () =>
    served({
      people: {
        sdl: 'type Query { people: [Person!] } type Person @key(fields: "id") { id: ID! name: String @shareable town: String }',
        resolvers: {
          Query: { people: () => [{ id: '1', name: 'Ann', town: 'Oslo' }] },
          Person: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'Ann', town: 'Oslo' }) },
        },
      },
      reviews: {
        sdl: `type Query { best: Review @provides(fields: "author { name }") worst: Review }
          type Review { text: String author: Person } type Person @key(fields: "id") { id: ID! name: String @external reviews: [Review!] }`,
        resolvers: {
          Query: { best: () => review, worst: () => review },
          Person: { __resolveReference: ({ id }: { id: string }) => ({ id, reviews: [review] }) },
        },
      },
    });
  const review = { text: 'good', author: { id: '1', name: 'Ann' } };

  it('saves a fetch on its path, and on no other', async () => {
    const { ask, asked } = reviews();
    expect(await ask('{ best { author { name } } }')).toEqual({ data: { best: { author: { name: 'Ann' } } } });
    expect(asked.splice(0).map(({ subgraph }) => subgraph)).toEqual(['reviews']);
    expect(await ask('{ worst { author { name } } }')).toEqual({ data: { worst: { author: { name: 'Ann' } } } });
    expect(asked.splice(0).map(({ subgraph }) => subgraph)).toEqual(['reviews', 'people']);
    expect(await ask('{ people { reviews { author { name town } } } }')).toEqual({
      data: { people: [{ reviews: [{ author: { name: 'Ann', town: 'Oslo' } }] }] },
    });
  });
});

describe('@shareable', () => {
  it('lets either subgraph answer, without a fetch more', async () => {
    const price = { amount: 5, unit: { code: 'EUR', digits: 2 } };
    const { ask, asked } = served({
      a: {
        sdl: 'type Query { item: Item } type Item @key(fields: "id") { id: ID! price: Price } type Price @shareable { amount: Int unit: Unit } type Unit @shareable { code: String digits: Int }',
        resolvers: { Query: { item: () => ({ id: '1', price }) } },
      },
      b: {
        sdl: 'type Item @key(fields: "id") { id: ID! old: Price } type Price @shareable { amount: Int unit: Unit } type Unit @shareable { code: String digits: Int }',
        resolvers: { Item: { __resolveReference: (item: object) => item, old: () => ({ ...price, amount: 9 }) } },
      },
    });
    expect(await ask('{ item { price { amount unit { code } } old { amount unit { digits } } } }')).toEqual({
      data: { item: { price: { amount: 5, unit: { code: 'EUR' } }, old: { amount: 9, unit: { digits: 2 } } } },
    });
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['a', 'b']);
  });

  it('of the root is put together from both', async () => {
    const { ask } = served({
      a: {
        sdl: 'type Query { info: Info @shareable } type Info { a: Int both: Int @shareable }',
        resolvers: { Query: { info: () => ({ a: 1, both: 3 }) } },
      },
      b: {
        sdl: 'type Query { info: Info @shareable } type Info { b: Int both: Int @shareable }',
        resolvers: { Query: { info: () => ({ b: 2, both: 3 }) } },
      },
    });
    expect(await ask('{ info { a b both } }')).toEqual({ data: { info: { a: 1, b: 2, both: 3 } } });
  });
});

describe('a mutation', () => {
  it('runs its fields one after the other, over all subgraphs', async () => {
    const done: string[] = [];
    const step = (name: string) => async () => {
      await new Promise(setImmediate);
      done.push(name);
      return { id: name };
    };
    const { ask } = served({
      a: {
        sdl: 'type Query { x: Int } type Mutation { a1: Item a2: Item } type Item @key(fields: "id") { id: ID! }',
        resolvers: { Mutation: { a1: step('a1'), a2: step('a2') } },
      },
      b: {
        sdl: 'type Mutation { b1: Item } type Item @key(fields: "id") { id: ID! text: String }',
        resolvers: {
          Mutation: { b1: step('b1') },
          Item: { __resolveReference: ({ id }: { id: string }) => ({ id, text: `${id} after ${done.join(',')}` }) },
        },
      },
    });
    expect((await ask('mutation { first: a1 { text } b1 { id } a2 { text } }')).data).toEqual({
      first: { text: 'a1 after a1' },
      b1: { id: 'b1' },
      a2: { text: 'a2 after a1,b1,a2' },
    });
  });
});
