import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/engine/json.js';
import { served } from './served.js';

const subgraphs = () =>
  served({
    a: {
      sdl: 'type Query { ps(n: Int): [P!] } type P @key(fields: "id") { id: ID! title: String weight: Int }',
      resolvers: { Query: { ps: () => [{ id: '1', title: 'One', weight: 5 }] } },
    },
    b: {
      sdl: 'type P @key(fields: "id") { id: ID! name: String weight: Int @external ship: Int @requires(fields: "weight") size(n: Int): Int best: P must: String! }',
      resolvers: {
        P: {
          __resolveReference: (p: object) => p,
          name: ({ id }: { id: string }) => `name ${id}`,
          ship: ({ weight }: { weight: number }) => weight * 2,
          size: (_: unknown, { n }: { n: number }) => n,
          best: () => ({ id: '2' }),
          must: () => null,
        },
      },
    },
  });

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'valueOf',
  '__defineGetter__',
  'then',
  'toJSON',
  '_entities',
  'representations',
  'path',
  'data',
];

describe('a field may be called', () => {
  it.each(names)('%s, in every subgraph and on every level', async (name) => {
    const { ask } = subgraphs();
    const { data, errors } = await ask(`{ ${name}: ps { ${name}: name ... on P { best { ${name}: name id } } } }`);
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toBe(`{"${name}":[{"${name}":"name 1","best":{"${name}":"name 2","id":"2"}}]}`);
    const [key] = await Promise.all(['a', 'b'].map(async () => JSON.stringify((await ask(`{ ps { ${name}: ship t: title } }`)).data)));
    expect(key).toBe(`{"ps":[{"${name}":10,"t":"One"}]}`);
    expect(Object.keys({} as JsonObject)).toEqual([]);
    expect(({} as JsonObject)['name']).toBeUndefined();
  });

  it.each(names)('%s, and its errors say so', async (name) => {
    const { data, errors } = await subgraphs().ask(`{ ps { ${name}: must } }`);
    expect(data).toEqual({ ps: null });
    expect(errors?.map(({ path }) => path)).toEqual([['ps', 0, name]]);
  });

  it.each(names)('%s when it comes later', async (name) => {
    const [first, later] = await subgraphs().follow(`{ ps { id ... @defer { ${name}: name } } }`);
    expect(JSON.stringify(first)).toBe('{"data":{"ps":[{"id":"1"}]}}');
    expect(JSON.stringify(later)).toBe(`{"incremental":[{"path":["ps",0],"data":{"${name}":"name 1"}}],"hasNext":true}`);
  });
});

describe('a variable may be called', () => {
  it.each([...names, 'contextualArgument_1_0'])('%s', async (name) => {
    const variables = JSON.parse(`{"${name}":4}`) as JsonObject;
    expect(await subgraphs().ask(`query Q($${name}: Int) { ps(n: $${name}) { size(n: $${name}) } }`, variables)).toEqual({
      data: { ps: [{ size: 4 }] },
    });
  });

  it('as those of fetches, and decide what is asked', async () => {
    const text =
      'query Q($representations: Boolean!) { ps { id name @include(if: $representations) ... @defer(if: $representations) { ship } } }';
    expect(await subgraphs().ask(text, { representations: false })).toEqual({ data: { ps: [{ id: '1', ship: 10 }] } });
    expect(await subgraphs().ask(text, { representations: true })).toEqual({ data: { ps: [{ id: '1', name: 'name 1', ship: 10 }] } });
    expect(await subgraphs().follow(text, { representations: false })).toEqual([{ data: { ps: [{ id: '1', ship: 10 }] } }]);
    expect((await subgraphs().follow(text, { representations: true }))[0]).toEqual({ data: { ps: [{ id: '1', name: 'name 1' }] } });
  });
});
