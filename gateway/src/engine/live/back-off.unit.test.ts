import { expect, it } from 'vitest';
import { defaultBackOff, waitBefore } from './back-off.js';

it('waits anywhere between nothing and a bound that doubles, up to the longest', () => {
  const longest = [1, 2, 3, 6, 20].map((attempt) => waitBefore(attempt, defaultBackOff, 1));
  expect(longest).toEqual([100, 200, 400, 3_200, 5_000]);
  expect(waitBefore(9, defaultBackOff, 0)).toBe(0);
});
