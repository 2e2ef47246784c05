import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGraphEngine } from '../../src/engine/graph-engine.js';
import { composedSdl } from './served.js';

describe('a flood of 1,000 new documents at once', () => {
  it('is refused with PLANNER_BUSY, while new documents of others are planned next', async () => {
    await using engine = createGraphEngine<string>({
      supergraphSdl: composedSdl({ a: { sdl: 'type Query { one: Int }' } }),
      fetchers: new Map([['a', { execute: async () => ({ data: { one: 1 } }), subscribe: async () => ({ data: null }) }]]),
      planning: { deadlineMs: 2_000, maxWaiting: 100 },
      askerOf: (asker) => asker,
    });
    const order: string[] = [];
    const ask = async (asker: string, n: number): Promise<unknown> => {
      const operation = { document: parse(`query ${asker}${n} { one }`), operationName: undefined, variables: {} };
      const { errors } = await engine.execute(operation, asker, new AbortController().signal);
      if (!errors) order.push(asker);
      return errors?.[0]?.extensions['code'] ?? 'answered';
    };
    const flood = Array.from({ length: 1_000 }, (_, i) => ask('flood', i));
    const innocent = Array.from({ length: 5 }, (_, i) => ask(`innocent${'abcde'[i]}`, i));
    expect(new Set(await Promise.all(innocent))).toEqual(new Set(['answered']));
    const codes = await Promise.all(flood);
    expect(codes.filter((code) => code === 'answered')).toHaveLength(1 + 100 - 5);
    expect(codes.filter((code) => code === 'PLANNER_BUSY')).toHaveLength(1_000 - 96);
    // The first was being planned already.
    expect(order.slice(1, 6).toSorted()).toEqual(['innocenta', 'innocentb', 'innocentc', 'innocentd', 'innocente']);
  });
});
