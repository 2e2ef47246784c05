import { describe, expect, it } from 'vitest';
import { ClientQueue } from './client-queue.js';

/** A client that takes what was written when it is told to. */
function reader(isTooMuch: (waiting: number) => boolean = () => false) {
  const written: string[] = [];
  let unread: (() => void)[] = [];
  const queue = new ClientQueue(
    {
      write: (text, taken) => {
        written.push(text);
        unread.push(taken);
      },
      buffered: () => unread.length * 20_000,
    },
    isTooMuch,
  );
  const take = () => {
    const taken = unread;
    unread = [];
    for (const each of taken) each();
  };
  return { queue, written, take };
}

describe('messages for a client that does not read', () => {
  it('wait in order, behind what was written', () => {
    const { queue, written, take } = reader();
    for (const text of ['1', '2', '3']) queue.send('a', text);
    expect(written).toEqual(['1']);
    for (let i = 0; i < 2; i++) take();
    expect(written).toEqual(['1', '2', '3']);
  });

  it('are counted when they are written, dropped for a newer one, or too many', () => {
    const { queue, take } = reader((waiting) => waiting > 2);
    const tally = { delivered: 0, conflated: 0, cutOff: 0 };
    for (const [text, key] of [
      ['0', null],
      ['x1', 'x'],
      ['x2', 'x'],
      ['y1', 'y'],
    ] as const)
      queue.send('a', text, key, tally);
    expect(tally).toEqual({ delivered: 1, conflated: 1, cutOff: 0 });
    take();
    expect(tally).toEqual({ delivered: 2, conflated: 1, cutOff: 0 });
    for (const text of ['1', '2', '3']) queue.send('a', text, null, tally);
    expect(tally).toEqual({ delivered: 2, conflated: 1, cutOff: 1 });
  });

  it('of the same key give way to the newest, each at the place of the first', () => {
    const { queue, written, take } = reader();
    queue.send('a', 'first', 'x');
    for (const [text, key] of [
      ['x1', 'x'],
      ['y1', 'y'],
      ['x2', 'x'],
      ['no key', null],
    ] as const)
      queue.send('a', text, key);
    queue.send('b', 'other', 'x');
    for (let i = 0; i < 4; i++) take();
    expect(written).toEqual(['first', 'x2', 'y1', 'no key', 'other']);
  });

  it('of something that is not wanted any more are dropped', () => {
    const { queue, written, take } = reader();
    for (const [of, text] of [
      ['a', '1'],
      ['a', '2'],
      ['b', '3'],
    ] as const)
      queue.send(of, text);
    queue.drop('a');
    take();
    expect(written).toEqual(['1', '3']);
  });

  it('are all dropped, and none is taken any more, when there are too many', () => {
    const { queue, written, take } = reader((waiting) => waiting > 2);
    for (const text of ['1', '2', '3', '4', '5']) queue.send('a', text);
    take();
    expect(written).toEqual(['1']);
    expect(queue.waiting).toBe(0);
  });
});

it('the last message is told of once everything before it is written', () => {
  const { queue, written, take } = reader();
  let isDone = false;
  queue.send('a', '1');
  queue.sendLast('a', '2', () => (isDone = true));
  queue.send('a', 'too late');
  expect(isDone).toBe(false);
  take();
  expect(written).toEqual(['1', '2']);
  expect(isDone).toBe(true);
});
