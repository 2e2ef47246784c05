import { expect, it } from 'vitest';
import type { Run } from '../fetch.js';
import type { ResponseShape } from '../response-shape.js';
import type { Spliced } from './splice.js';
import { splicesOf } from './splices.js';

const chosen = () => ({ kind: 'chosen' as const, conditions: new Map(), variables: {}, shape: {} as ResponseShape });
const run = {} as Run<null>;
const response: Spliced = { kind: 'response', text: '' };
const unexpected: Spliced = { kind: 'unexpected' };

it('what is asked seldom is not compiled; each shape is for itself', () => {
  let compiled = 0;
  const spliceOf = splicesOf<null>(() => {
    compiled++;
    return async () => response;
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
  let answer: Spliced = unexpected;
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
  answer = response;
  await spliceOf(one)?.(run);
  answer = unexpected;
  await miss(4);
  expect(spliceOf(one)).not.toBeNull();
  await miss(1);
  const resting = Array.from({ length: 1_000 }, () => spliceOf(one));
  expect(resting.every((splice) => splice === null)).toBe(true);
  expect(spliceOf(one)).not.toBeNull();
  expect(compiled).toBe(2);
});

it('answers that do not come are no reason to rest: clients go away, subgraphs come back', async () => {
  const spliceOf = splicesOf<null>(() => async () => ({ kind: 'unanswered' }), 0);
  const one = chosen();
  for (let i = 0; i < 100; i++) await spliceOf(one)?.(run);
  expect(spliceOf(one)).not.toBeNull();
});
