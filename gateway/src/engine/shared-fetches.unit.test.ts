import { describe, expect, it } from 'vitest';
import { isSame } from './json.js';
import { sharedFetches } from './shared-fetches.js';
import type { SubgraphAnswer, SubgraphRequest } from './subgraph-fetcher.js';

interface Context {
  viewer: string;
  deadlineAtMs: number;
}

/** A subgraph whose answers are given by hand. */
function slowSubgraph() {
  const asked: { request: SubgraphRequest; context: Context; signal: AbortSignal; answer: PromiseWithResolvers<SubgraphAnswer> }[] = [];
  const shares = sharedFetches<Context>({ viewerOf: ({ viewer }) => viewer, deadlineOf: ({ deadlineAtMs }) => deadlineAtMs });
  const fetcher = shares.share({
    execute: (request, context, signal) => {
      const answer = Promise.withResolvers<SubgraphAnswer>();
      signal.addEventListener('abort', () => answer.reject(signal.reason));
      asked.push({ request, context, signal, answer });
      return answer.promise;
    },
    subscribe: async () => ({ data: null }),
  });
  const ask = (query: string, { variables = {}, viewer = 'ada', deadlineAtMs = 10_000, signal = never }: Partial<AskOptions> = {}) =>
    fetcher.execute({ query, variables, operationName: undefined }, { viewer, deadlineAtMs }, signal);
  return { asked, ask, counts: shares.counts };
}

interface AskOptions extends Context {
  variables: Record<string, unknown>;
  signal: AbortSignal;
}

const never = new AbortController().signal;
const data = () => ({ data: { list: [{ n: 1 }] } });

describe('identical queries in flight', () => {
  it('are one fetch, and each has an answer of its own', async () => {
    const { ask, asked, counts } = slowSubgraph();
    const answers = [1, 2, 3].map((id) => ask('{ a }', { variables: { ids: [{ id: Math.sign(id) }] } }));
    expect(asked).toHaveLength(1);
    asked[0]?.answer.resolve(data());
    const [first, ...others] = await Promise.all(answers);
    expect([first, ...others]).toEqual([data(), data(), data()]);
    for (const other of others) {
      expect(other.data).not.toBe(first?.data);
      expect(other.data?.['list']).not.toBe(first?.data?.['list']);
    }
    expect(counts()).toEqual({ fetches: 3, shared: 2 });
  });

  it('are shared by nobody else: other text, variables, viewer, or much later deadline', () => {
    const { ask, asked } = slowSubgraph();
    void ask('{ a }', { variables: { id: 1 } });
    void ask('{ b }', { variables: { id: 1 } });
    void ask('{ a }', { variables: { id: 2 } });
    void ask('{ a }', { variables: { id: 1 }, viewer: 'bob' });
    void ask('{ a }', { variables: { id: 1 }, deadlineAtMs: 20_000 });
    expect(asked).toHaveLength(5);
  });

  it('are asked for again once they are answered', async () => {
    const { ask, asked } = slowSubgraph();
    const first = ask('{ a }');
    asked[0]?.answer.resolve(data());
    await first;
    void ask('{ a }');
    expect(asked).toHaveLength(2);
  });

  it('fail together', async () => {
    const { ask, asked } = slowSubgraph();
    const answers = [ask('{ a }'), ask('{ a }')];
    asked[0]?.answer.reject(new Error('down'));
    for (const { status } of await Promise.allSettled(answers)) expect(status).toBe('rejected');
  });

  it('are given up when all who wait have left, and not before', async () => {
    const { ask, asked } = slowSubgraph();
    const [leader, sharer] = [new AbortController(), new AbortController()];
    const answers = [ask('{ a }', { signal: leader.signal }), ask('{ a }', { signal: sharer.signal })];
    leader.abort(new Error('left'));
    await expect(answers[0]).rejects.toThrow('left');
    expect(asked[0]?.signal.aborted).toBe(false);
    const late = ask('{ a }');
    expect(asked).toHaveLength(1);
    sharer.abort(new Error('left too'));
    await expect(answers[1]).rejects.toThrow('left too');
    expect(asked[0]?.signal.aborted).toBe(false);
    asked[0]?.answer.resolve(data());
    expect(await late).toEqual(data());
  });

  it('are not joined once they are given up', async () => {
    const { ask, asked } = slowSubgraph();
    const leader = new AbortController();
    const left = ask('{ a }', { signal: leader.signal });
    leader.abort(new Error('left'));
    void ask('{ a }');
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(asked).toHaveLength(2);
    await expect(left).rejects.toThrow('left');
  });
});

describe('a mutation', () => {
  it('is never shared', () => {
    const { ask, asked } = slowSubgraph();
    void ask('mutation { a }');
    void ask('mutation { a }');
    expect(asked).toHaveLength(2);
  });

  it('is seen by the reads that follow it', async () => {
    const { ask, asked } = slowSubgraph();
    void ask('{ a }');
    const write = ask('mutation { b }');
    asked[1]?.answer.resolve({ data: {} });
    await write;
    void ask('{ a }');
    expect(asked.map(({ request }) => request.query)).toEqual(['{ a }', 'mutation { b }', '{ a }']);
  });
});

describe('variables', () => {
  it.each([
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }, true],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: [1, 2] }, { a: [2, 1] }, false],
    [{ a: undefined }, { b: undefined }, false],
    [{ a: null }, { a: {} }, false],
    [{ a: [] }, { a: {} }, false],
    [{ a: '1' }, { a: 1 }, false],
  ])('%j and %j are the same: %s', (a, b, same) => expect(isSame(a, b)).toBe(same));
});
