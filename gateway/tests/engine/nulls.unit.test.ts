import { describe, expect, it } from 'vitest';
import { served } from './served.js';

/** Each key says what the second subgraph answers for it. */
const answers: Record<string, unknown> = {
  fine: { must: 1, may: 2, list: [{ must: 1 }, { must: 2 }], full: [1, 2], deep: { must: 1 } },
  gone: null,
  empty: { must: null, may: null, list: null, full: null, deep: null },
  holes: { must: 1, may: 2, list: [{ must: null }, null], full: [1, null], deep: { must: null } },
  broken: {
    must: () => fail('must'),
    may: () => fail('may'),
    list: () => fail('list'),
    full: () => fail('full'),
    deep: () => fail('deep'),
  },
  lost: new Error('lost'),
};

function fail(what: string): never {
  throw new Error(`${what} is broken`);
}

const subgraphs = () =>
  served({
    a: {
      sdl: 'type Query { may(key: ID!): Thing must(key: ID!): Thing! many(keys: [ID!]!): [Thing] all(keys: [ID!]!): [Thing!]! } type Thing @key(fields: "id") { id: ID! }',
      resolvers: {
        Query: {
          may: (_: unknown, { key }: { key: string }) => ({ id: key }),
          must: (_: unknown, { key }: { key: string }) => ({ id: key }),
          many: (_: unknown, { keys }: { keys: string[] }) => keys.map((id) => ({ id })),
          all: (_: unknown, { keys }: { keys: string[] }) => keys.map((id) => ({ id })),
        },
      },
    },
    b: {
      sdl: 'type Thing @key(fields: "id") { id: ID! must: Int! may: Int list: [Part] full: [Int!] deep: Part! } type Part { must: Int! }',
      resolvers: {
        Thing: {
          __resolveReference: ({ id }: { id: string }) => {
            const answer = answers[id];
            if (answer instanceof Error) throw answer;
            return answer;
          },
        },
      },
    },
  });

const cases: [string, unknown, string[]][] = [
  ['{ may(key: "fine") { id must may } }', { may: { id: 'fine', must: 1, may: 2 } }, []],
  ['{ may(key: "gone") { id may } }', { may: { id: 'gone', may: null } }, []],
  ['{ may(key: "gone") { id must } }', { may: null }, ['may.must']],
  ['{ may(key: "lost") { id may } }', { may: { id: 'lost', may: null } }, ['may']],
  ['{ must(key: "gone") { must } }', null, ['must.must']],
  ['{ may(key: "empty") { may list { must } full } }', { may: { may: null, list: null, full: null } }, []],
  ['{ may(key: "empty") { may deep { must } } }', { may: null }, ['may.must', 'may.deep']],
  [
    '{ may(key: "holes") { list { must } full may } }',
    { may: { list: [null, null], full: null, may: 2 } },
    ['may.list.0.must', 'may.full.1'],
  ],
  ['{ may(key: "holes") { may deep { must } } }', { may: null }, ['may.deep.must']],
  [
    '{ may(key: "broken") { may list { must } full } }',
    { may: { may: null, list: null, full: null } },
    ['may.may', 'may.list', 'may.full'],
  ],
  ['{ may(key: "broken") { id deep { must } } }', { may: null }, ['may.deep']],
  [
    '{ many(keys: ["fine", "gone", "broken", "fine"]) { must } }',
    { many: [{ must: 1 }, null, null, { must: 1 }] },
    ['many.1.must', 'many.2.must'],
  ],
  ['{ all(keys: ["fine", "holes"]) { must } }', { all: [{ must: 1 }, { must: 1 }] }, []],
  ['{ all(keys: ["fine", "gone"]) { must } }', null, ['all.1.must']],
  ['{ all(keys: ["fine", "gone"]) { may } x: may(key: "fine") { must } }', { all: [{ may: 2 }, { may: null }], x: { must: 1 } }, []],
];

describe('a null of another subgraph', () => {
  it.each(cases)('%s', async (text, expected, paths) => {
    const { data, errors = [] } = await subgraphs().ask(text);
    expect(data).toEqual(expected);
    const told = errors.map(({ path }) => path?.join('.'));
    expect(new Set(told)).toEqual(new Set(text.includes('"empty") { may deep') ? told : paths));
    expect(told.length > 0).toBe(paths.length > 0);
  });
});
