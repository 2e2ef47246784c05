import { expect, test } from 'vitest';
import type { Answer } from './answer.js';
import { IdempotencyKeys } from './idempotency.js';
import { refusal } from './refusal.js';

const answer: Answer = refusal('some_code', 'No.');
const day = 86_400;

test('the first request runs, a repeat meanwhile waits, a repeat afterwards gets the same answer', () => {
  const keys = new IdempotencyKeys();
  expect(keys.claim('k', 'a', 0)).toEqual({ kind: 'first' });
  expect(keys.claim('k', 'a', 0)).toMatchObject({ kind: 'refused', status: 409 });
  keys.keep({ key: 'k', fingerprint: 'a', at: 0, answer });
  keys.release('k');
  expect(keys.claim('k', 'a', 1)).toEqual({ kind: 'replay', answer });
});

test('another request under the same key is refused', () => {
  const keys = new IdempotencyKeys();
  keys.keep({ key: 'k', fingerprint: 'a', at: 0, answer });
  expect(keys.claim('k', 'b', 1)).toMatchObject({ kind: 'refused', status: 400, type: 'idempotency_error' });
});

test('a key without a kept answer may be used again', () => {
  const keys = new IdempotencyKeys();
  keys.claim('k', 'a', 0);
  keys.release('k');
  expect(keys.claim('k', 'b', 1)).toEqual({ kind: 'first' });
});

test('a key is forgotten after a day', () => {
  const keys = new IdempotencyKeys();
  keys.keep({ key: 'k', fingerprint: 'a', at: 0, answer });
  expect(keys.claim('k', 'b', day)).toEqual({ kind: 'first' });
});
