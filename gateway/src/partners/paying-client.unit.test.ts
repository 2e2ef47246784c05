import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { LiveAnswer, LiveEnd } from '../engine/live/live-event.js';
import { PayingClient } from './paying-client.js';

const answer = (text: string, key: string | null = null): LiveAnswer => ({ text, key, entity: key, cursor: null });
const limited = new GraphQLError('Used up.', { extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 7 } });

/** A client whose budget allows `points` events, and more once `refill` is called. */
function client(points: number) {
  const told: string[] = [];
  const ends: LiveEnd[] = [];
  const waits: number[] = [];
  const counts = { charged: 0, conflated: 0 };
  let left = points;
  let refilled = Promise.withResolvers<void>();
  const paying = new PayingClient(
    { next: ({ text }) => void told.push(text), end: (how) => void ends.push(how) },
    {
      charge: async () => {
        if (left === 0) return { kind: 'refused', error: limited };
        left--;
        counts.charged++;
        return { kind: 'ok', headers: {} };
      },
      conflated: () => counts.conflated++,
      wait: (ms) => {
        waits.push(ms);
        return refilled.promise;
      },
    },
  );
  const refill = (more: number) => {
    left += more;
    refilled.resolve();
    refilled = Promise.withResolvers();
  };
  return { paying, told, ends, waits, counts, refill };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a client that pays for events', () => {
  it('has paid for the first by subscribing', async () => {
    const { paying, told, counts } = client(0);
    paying.next(answer('1'));
    await settle();
    expect([told, counts.charged]).toEqual([['1'], 0]);
  });

  it('is told each that it can pay, in order, and then the end', async () => {
    const { paying, told, ends } = client(2);
    for (const text of ['1', '2', '3']) paying.next(answer(text));
    paying.end({ kind: 'completed' });
    await settle();
    expect([told, ends]).toEqual([['1', '2', '3'], [{ kind: 'completed' }]]);
  });

  it('waits for points with states, and is told the newest of each', async () => {
    const { paying, told, waits, counts, refill } = client(0);
    for (const [text, key] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
      ['a3', 'a'],
      ['a4', 'a'],
    ] as const) {
      paying.next(answer(text, key));
      await settle();
    }
    expect([told, waits]).toEqual([['a1'], [7_000]]);
    refill(5);
    await settle();
    expect([told, counts]).toEqual([['a1', 'a4', 'b1'], { charged: 2, conflated: 2 }]);
  });

  it('ends with RATE_LIMITED where it must miss nothing', async () => {
    const { paying, told, ends } = client(1);
    for (const text of ['1', '2', '3', '4']) paying.next(answer(text));
    await settle();
    paying.next(answer('5'));
    await settle();
    expect([told, ends]).toEqual([['1', '2'], [{ kind: 'failed', error: limited }]]);
  });

  it('ends when very many events wait to be paid for', async () => {
    const { paying, ends } = client(1_000);
    for (let n = 0; n <= 100; n++) paying.next(answer(`${n}`));
    expect(ends).toMatchObject([{ kind: 'failed', error: { extensions: { code: 'RATE_LIMITED' } } }]);
  });

  it('is told nothing more once it has left', async () => {
    const { paying, told, ends, refill } = client(0);
    for (const text of ['a1', 'a2']) paying.next(answer(text, text));
    await settle();
    paying.stop();
    refill(5);
    await settle();
    expect([told, ends]).toEqual([['a1'], []]);
  });
});
