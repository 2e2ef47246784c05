import { describe, expect, test } from 'vitest';
import { secondsUntilBudget, secondsUntilNextAttempt } from './sign-in-throttle.js';

const now = new Date('2026-03-01T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

describe('an account', () => {
  test.each([
    [1, 0],
    [4, 0],
    [5, 10],
    [6, 20],
    [7, 40],
    [12, 900],
    [5000, 900],
  ])('after %i failures waits %i seconds', (failures, seconds) =>
    expect(secondsUntilNextAttempt({ failures, lastFailedAt: now }, now)).toBe(seconds),
  );

  test('may be tried again when the wait is over', () => {
    expect(secondsUntilNextAttempt({ failures: 6, lastFailedAt: ago(19.5) }, now)).toBe(1);
    expect(secondsUntilNextAttempt({ failures: 6, lastFailedAt: ago(20) }, now)).toBe(0);
  });
});

describe('a network address', () => {
  test('has its whole budget when it was quiet', () => expect(secondsUntilBudget(ago(0), now, 30)).toBe(0));
  test('waits for the next place when all are used', () => expect(secondsUntilBudget(ago(-60), now, 30)).toBe(2));
});
