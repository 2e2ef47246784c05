import { expect, it } from 'vitest';
import type { Run } from '../fetch.js';
import type { ResponseShape } from '../response-shape.js';
import { splicesOf } from './splices.js';

const chosen = () => ({ kind: 'chosen' as const, conditions: new Map(), variables: {}, shape: {} as ResponseShape });
const run = {} as Run<null>;

it('what is asked seldom is not compiled; each shape is for itself', () => {
  let compiled = 0;
  const spliceOf = splicesOf<null>(() => {
    compiled++;
    return async () => '';
  }, 2);
  const [one, other] = [chosen(), chosen()];
  expect([spliceOf(one), spliceOf(one), spliceOf(other), compiled]).toEqual([null, null, null, 0]);
  expect(spliceOf(one)).not.toBeNull();
  expect(spliceOf(one)).not.toBeNull();
  expect(compiled).toBe(1);
});

it('what cannot be compiled is tried once', () => {
  let tried = 0;
  const spliceOf = splicesOf<null>(() => {
    tried++;
    return null;
  }, 0);
  const one = chosen();
  expect([spliceOf(one), spliceOf(one), tried]).toEqual([null, null, 1]);
});

it('after five misses in a row it rests, and begins anew after a thousand runs', async () => {
  let answer: string | null = null;
  let compiled = 0;
  const spliceOf = splicesOf<null>(() => {
    compiled++;
    return async () => answer;
  }, 0);
  const one = chosen();
  const miss = async (times: number) => {
    for (let i = 0; i < times; i++) await spliceOf(one)?.(run);
  };
  await miss(4);
  answer = 'hit';
  await spliceOf(one)?.(run);
  answer = null;
  await miss(4);
  expect(spliceOf(one)).not.toBeNull();
  await miss(1);
  const resting = Array.from({ length: 1_000 }, () => spliceOf(one));
  expect(resting.every((splice) => splice === null)).toBe(true);
  expect(spliceOf(one)).not.toBeNull();
  expect(compiled).toBe(2);
});
