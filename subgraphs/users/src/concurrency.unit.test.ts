import { expect, test } from 'vitest';
import { limitConcurrency, oneAtATime } from './concurrency.js';

function gauge() {
  let running = 0;
  let peak = 0;
  const work = async () => {
    peak = Math.max(peak, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  return { work, peak: () => peak };
}

test('never more than the limit run at once, and all of them run', async () => {
  const limit = limitConcurrency(2, 100);
  const { work, peak } = gauge();
  await Promise.all(Array.from({ length: 20 }, () => limit(work)));
  expect(peak()).toBe(2);
});

test('a failure frees its place', async () => {
  const limit = limitConcurrency(1, 100);
  await expect(limit(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await limit(async () => 'next')).toBe('next');
});

test('who comes when the line is full is turned away', async () => {
  const limit = limitConcurrency(1, 1);
  const { work } = gauge();
  const [, , third] = await Promise.allSettled([limit(work), limit(work), limit(work)]);
  expect(third.status).toBe('rejected');
});

test('one key is worked on one at a time although an earlier one failed, another key does not wait', async () => {
  const inLine = oneAtATime();
  const [a, b] = [gauge(), gauge()];
  await Promise.allSettled([
    inLine('a', () => Promise.reject(new Error('broken'))),
    ...Array.from({ length: 5 }, () => inLine('a', a.work)),
    inLine('b', b.work),
  ]);
  expect([a.peak(), b.peak()]).toEqual([1, 1]);
});
