import { expect, it } from 'vitest';
import { lanes } from './nats-lanes.js';

/** Work that ends when it is told to. */
function held() {
  let release: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (release = resolve));
  return { promise, release: () => release() };
}

it('keeps the order within a lane, and lets other lanes pass', async () => {
  const queue = lanes(8);
  const done: string[] = [];
  const slow = held();
  queue.enqueue('a', async () => {
    await slow.promise;
    done.push('a1');
  });
  queue.enqueue('a', async () => void done.push('a2'));
  queue.enqueue('b', async () => {
    done.push('b1');
    slow.release();
  });
  await queue.idle();
  expect(done).toEqual(['b1', 'a1', 'a2']);
});

it('does at most so much at a time, and makes room also when work fails', async () => {
  const queue = lanes(2);
  let running = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    throw new Error('no');
  };
  await Promise.allSettled(Array.from({ length: 10 }, () => queue.withRoom(work)));
  expect([most, running]).toEqual([2, 0]);
});
