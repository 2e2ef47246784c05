import { describe, expect, it } from 'vitest';
import type { OverrideOptions } from '../../src/engine/override-labels.js';
import { served } from './served.js';

const options: OverrideOptions<string> = { requestKey: (who) => who, isOn: (label, who) => label === 'beta' && who.startsWith('tester') };

const moving = (overrides?: OverrideOptions<string>) =>
  served(
    {
      old: {
        sdl: `type Query { item: Item } type Item @key(fields: "id") { id: ID! plain: String beta: String slow: String }`,
        resolvers: { Query: { item: () => ({ id: '1', plain: 'old', beta: 'old', slow: 'old' }) } },
      },
      next: {
        sdl: `type Item @key(fields: "id") { id: ID! plain: String @override(from: "old") beta: String @override(from: "old", label: "beta")
          slow: String @override(from: "old", label: "percent(25)") }`,
        resolvers: { Item: { __resolveReference: ({ id }: { id: string }) => ({ id, plain: 'next', beta: 'next', slow: 'next' }) } },
      },
    },
    overrides ? { overrides } : {},
  );

const beta = '{ item { beta } }';
const slow = '{ item { slow } }';

describe('a field that is moved to another subgraph', () => {
  it('is answered there', async () => {
    expect((await moving().ask('{ item { plain } }')).data).toEqual({ item: { plain: 'next' } });
  });

  it('under a label stays where it was, when nobody decides', async () => {
    const { ask } = moving();
    expect((await ask('{ item { beta slow } }', {}, 'tester 1')).data).toEqual({ item: { beta: 'old', slow: 'old' } });
  });

  it('under a label is answered by whom the host says, each request for itself', async () => {
    const { ask, engine } = moving(options);
    for (const [who, expected] of [
      ['tester 1', 'next'],
      ['guest', 'old'],
      ['tester 2', 'next'],
      ['guest', 'old'],
    ] as const)
      expect((await ask(beta, {}, who)).data).toEqual({ item: { beta: expected } });
    expect(engine.planCounts().size).toBeGreaterThan(0);
  });

  it('for a percentage is moved for that share of requests, always the same ones', async () => {
    const { ask } = moving(options);
    const answers: string[] = [];
    for (let n = 0; n < 400; n++) answers.push(JSON.stringify((await ask(slow, {}, `viewer ${n}`)).data));
    const moved = answers.filter((answer) => answer.includes('next')).length;
    expect(moved).toBeGreaterThan(400 * 0.18);
    expect(moved).toBeLessThan(400 * 0.32);
    for (const n of [1, 7, 42]) expect(JSON.stringify((await ask(slow, {}, `viewer ${n}`)).data)).toBe(answers[n]);
  });
});
