import { expect, test } from 'vitest';
import { gathered } from './shared-work.js';

test('what comes while a run is under way is done together by the next one', async () => {
  const runs: number[][] = [];
  const gate = Promise.withResolvers<void>();
  const double = gathered(async (items: readonly number[]) => {
    runs.push([...items]);
    if (runs.length === 1) await gate.promise;
    return items.map((item) => item * 2);
  });
  const results = Promise.all([double(1), double(2), double(3)]);
  gate.resolve();
  expect(await results).toEqual([2, 4, 6]);
  expect(runs).toEqual([[1], [2, 3]]);
});

test('an item that cannot be done fails alone, and those that came with it are done', async () => {
  const gate = Promise.withResolvers<void>();
  const keep = gathered(async (items: readonly string[]) => {
    await gate.promise;
    if (items.includes('bad')) throw new Error('bad');
    return items;
  });
  const results = Promise.allSettled([keep('first'), keep('good'), keep('bad'), keep('better')]);
  gate.resolve();
  expect((await results).map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual([
    'first',
    'good',
    'failed',
    'better',
  ]);
});
