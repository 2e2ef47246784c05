import { expect, it } from 'vitest';
import { recentKeys } from './recent-keys.js';

const start = Date.UTC(2026, 0, 1);

it.each([0, 1, 40, 99])('knows a key that came %i ms into a generation for as long as promised, and not twice as long', (offset) => {
  const recent = recentKeys(100);
  recent.add('first', start);
  recent.add('key', start + offset);
  for (const later of [0, 1, 50, 99]) expect(recent.has('key', start + offset + later)).toBe(true);
  expect(recent.has('key', start + offset + 200)).toBe(false);
});

it('knows a key for as long as promised, however busy it is meanwhile', () => {
  const recent = recentKeys(100);
  for (let ms = 0; ms < 1_000; ms++) recent.add(`key ${ms}`, start + ms);
  const known = Array.from({ length: 1_000 }, (_, ms) => recent.has(`key ${ms}`, start + 999));
  expect(known.slice(900).every((has) => has)).toBe(true);
  expect(known.slice(0, 800).some((has) => has)).toBe(false);
});

it('forgets everything after a long silence, and nothing when the clock goes back', () => {
  const recent = recentKeys(100);
  recent.add('key', start);
  expect([recent.has('key', start - 5_000), recent.has('other', start - 5_000)]).toEqual([true, false]);
  expect(recent.has('key', start + 5_000)).toBe(false);
});
