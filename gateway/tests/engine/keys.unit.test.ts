import { describe, expect, it } from 'vitest';
import { served } from './served.js';

const people: Record<string, { id: string; name: string; mail: string; place: { street: string; town: string } }> = {
  '1': { id: '1', name: 'Ann', mail: 'ann@x', place: { street: 'Elm', town: 'Oslo' } },
};

describe('a key that cannot be resolved', () => {
  it('is not used where the subgraph has another one that can', async () => {
    const { ask, asked } = served({
      names: {
        sdl: `type Person @key(fields: "id") @key(fields: "mail", resolvable: false) @key(fields: "place { street }", resolvable: false) {
          id: ID! mail: ID! place: Place! name: String! } type Place @shareable { street: ID! town: ID! }`,
        resolvers: { Person: { __resolveReference: ({ id }: { id: string }) => people[id] } },
      },
      greetings: {
        sdl: `type Query { guest: Person } type Person @key(fields: "place { street }", resolvable: false) @key(fields: "id place { town }")
          @key(fields: "mail", resolvable: false) @key(fields: "id", resolvable: false) {
          id: ID! mail: ID! place: Place! name: String! @external greeting: String! @requires(fields: "name") }
          type Place @shareable { street: ID! town: ID! }`,
        resolvers: {
          Query: { guest: () => people['1'] },
          Person: {
            __resolveReference: ({ id, place, name }: { id: string; place?: { town?: string }; name?: string }) =>
              place?.town ? { ...people[id], name } : null,
            greeting: ({ name }: { name: string }) => `Hello ${name}`,
          },
        },
      },
    });
    expect(await ask('{ guest { greeting name } }')).toEqual({ data: { guest: { greeting: 'Hello Ann', name: 'Ann' } } });
    expect(asked.at(-1)?.variables).toEqual({
      representations: [{ __typename: 'Person', id: '1', place: { town: 'Oslo' }, name: 'Ann' }],
    });
  });
});

describe('a client alias', () => {
  const subgraphs = () =>
    served({
      a: {
        sdl: 'type Query { ps: [P!] } type P @key(fields: "id") { id: ID! title: String weight: Int }',
        resolvers: { Query: { ps: () => [{ id: '1', title: 'One', weight: 5 }] } },
      },
      b: {
        sdl: 'type P @key(fields: "id") { id: ID! name: String weight: Int @external ship: Int @requires(fields: "weight") must: String! }',
        resolvers: {
          P: {
            __resolveReference: (p: object) => p,
            name: ({ id }: { id: string }) => `name ${id}`,
            ship: ({ weight }: { weight: number }) => weight * 2,
            must: () => {
              throw new Error('broken');
            },
          },
        },
      },
    });

  it.each([
    ['of a key', '{ ps { id: title name } }', { id: 'One', name: 'name 1' }],
    ['of a required field', '{ ps { weight: title ship } }', { weight: 'One', ship: 10 }],
    ['of a required field, for what requires it', '{ ps { weight: ship } }', { weight: 10 }],
    ['of the type name', '{ ps { __typename: title name } }', { __typename: 'One', name: 'name 1' }],
    ['of the type name, for a key', '{ ps { id: __typename name __typename: id } }', { id: 'P', name: 'name 1', __typename: '1' }],
    [
      'in fragments of several types',
      '{ ps { ... on P { id: title } ...F } } fragment F on P { id: title name }',
      { id: 'One', name: 'name 1' },
    ],
  ])('may be the name %s', async (_, text, expected) => {
    expect(await subgraphs().ask(text)).toEqual({ data: { ps: [expected] } });
  });

  it('is what errors and nulls are told by', async () => {
    const { data, errors } = await subgraphs().ask('{ ps { id: must weight: name } }');
    expect(data).toEqual({ ps: null });
    expect(errors?.map(({ message, path }) => [message, path])).toEqual([['broken', ['ps', 0, 'id']]]);
  });
});

describe('keys', () => {
  const users: Record<string, object> = { u1: { id: 'u1', mail: 'a@x', org: { id: 'o1', site: { code: 's1' } }, nr: 7 } };
  const directory = () =>
    served({
      users: {
        sdl: `type Query { user: User users: [User] } type User @key(fields: "id") @key(fields: "mail") @key(fields: "nr org { id site { code } }") {
          id: ID! mail: ID! nr: Int! org: Org! } type Org @shareable { id: ID! site: Site! } type Site @shareable { code: ID! }`,
        resolvers: {
          Query: { user: () => users['u1'], users: () => [users['u1'], null, users['u1']] },
          User: { __resolveReference: ({ id }: { id: string }) => users[id] },
        },
      },
      mails: {
        sdl: 'type User @key(fields: "mail") { mail: ID! inbox: Int }',
        resolvers: { User: { __resolveReference: ({ mail }: { mail: string }) => (mail === 'a@x' ? { mail, inbox: 3 } : null) } },
      },
      payroll: {
        sdl: `type User @key(fields: "nr org { id site { code } }") { nr: Int! @shareable org: Org! @shareable salary: Int }
          type Org @shareable { id: ID! site: Site! } type Site @shareable { code: ID! }`,
        resolvers: {
          User: {
            __resolveReference: (user: { nr: number; org: { id: string; site: { code: string } } }) =>
              user.nr === 7 && user.org.id === 'o1' && user.org.site.code === 's1' ? { ...user, salary: 100 } : null,
          },
        },
      },
      logins: {
        sdl: 'type Query { last: Login } type Login { by: User } type User @key(fields: "id", resolvable: false) { id: ID! }',
        resolvers: { Query: { last: () => ({ by: { id: 'u1' } }) } },
      },
    });

  it.each([
    ['of other fields', '{ user { inbox } }', { user: { inbox: 3 } }],
    ['of several fields, nested', '{ user { salary } }', { user: { salary: 100 } }],
    [
      'of both kinds at once, in a list with nulls',
      '{ users { salary inbox } }',
      { users: [{ salary: 100, inbox: 3 }, null, { salary: 100, inbox: 3 }] },
    ],
  ])('%s lead to the subgraph that has them', async (_, text, expected) => {
    expect(await directory().ask(text)).toEqual({ data: expected });
  });

  it('that a subgraph lacks are fetched from one that has them', async () => {
    const { ask, asked } = directory();
    expect(await ask('{ last { by { inbox } } }')).toEqual({ data: { last: { by: { inbox: 3 } } } });
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['logins', 'users', 'mails']);
  });
});
