import { printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGraphEngine } from '../../src/engine/graph-engine.js';
import { composedSdl, served } from './served.js';

const plain = composedSdl({ one: { sdl: 'type Query { a: Int }' } });
const loaded = (supergraphSdl: string) => () => createGraphEngine({ supergraphSdl, fetchers: new Map() });
const linked = (url: string, more = '') => plain.replace('@link(', `@link(url: "${url}"${more})\n  @link(`);

describe('a supergraph', () => {
  it.each([
    ['that is for the execution and unknown', 'https://example.com/sharding/v1.0', ', for: EXECUTION'],
    ['that is for security and unknown', 'https://specs.apollo.dev/fields/v0.1', ', for: SECURITY'],
    ['of a newer version', 'https://specs.apollo.dev/policy/v0.9', ', for: SECURITY'],
    ['of a newer way to join', 'https://specs.apollo.dev/join/v9.0', ''],
    ['that needs connectors', 'https://specs.apollo.dev/connect/v0.2', ', for: EXECUTION'],
  ])('with a feature %s is refused, and the feature named', (_, url, purpose) => {
    expect(loaded(linked(url, purpose))).toThrow(url);
  });

  it('with a feature that is for nothing here is served', () => {
    expect(loaded(linked('https://example.com/notes/v1.0'))).not.toThrow();
  });

  it('shows clients nothing of what is inaccessible, and answers what is there', async () => {
    const { ask, engine } = served({
      one: {
        sdl: `type Query { a: Item @tag(name: "public") hidden: Int @inaccessible }
          type Item @key(fields: "id") { id: ID! secret: String @inaccessible state: State weight: Int @cost(weight: 3) many: [Int] @listSize(assumedSize: 4) }
          enum State { ON OFF @inaccessible }
          type Ghost @inaccessible { x: Int } input Find { text: String ghost: Int @inaccessible }`,
        resolvers: { Query: { a: () => ({ id: '1', state: 'OFF', secret: 's', weight: 1, many: [1] }) } },
      },
      two: {
        sdl: 'type Item @key(fields: "id") { id: ID! secret: String @external more: String @requires(fields: "secret") }',
        resolvers: { Item: { __resolveReference: (item: object) => item, more: ({ secret }: { secret: string }) => `more ${secret}` } },
      },
    });
    expect(printSchema(engine.apiSchema)).not.toMatch(/hidden|secret|OFF|Ghost|ghost/);
    const { data, errors } = await ask('{ a { more state weight many } __type(name: "Item") { fields { name } } }');
    expect(data).toEqual({
      a: { more: 'more s', state: null, weight: 1, many: [1] },
      __type: { fields: ['id', 'state', 'weight', 'many', 'more'].map((name) => ({ name })) },
    });
    expect(errors?.map(({ path }) => path)).toEqual([['a', 'state']]);
  });

  it('may carry tags of what caches are emptied by', () => {
    const supergraphSdl = composedSdl({
      one: {
        sdl: 'type Query { item: Item @cacheTag(format: "items") } type Item @key(fields: "id") @cacheTag(format: "item-{$key.id}") { id: ID! }',
      },
    });
    expect(supergraphSdl).toMatch('cacheTag');
    expect(loaded(supergraphSdl)).not.toThrow();
  });
});
