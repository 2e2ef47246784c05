import { describe, expect, test } from 'vitest';
import { decideRefresh, refreshTokenExpiry, type RefreshTokenRecord } from './refresh-token.js';

const now = new Date('2026-03-01T12:00:00Z');
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const day = 86_400;
const fresh: RefreshTokenRecord = { expiresAt: at(day), rotatedAt: null, sessionRevokedAt: null };

describe('decideRefresh', () => {
  test('a good token is exchanged', () => expect(decideRefresh(fresh, now)).toBe('rotate'));
  test('an unknown token is refused', () => expect(decideRefresh(null, now)).toBe('refused'));
  test('an expired token is refused', () => expect(decideRefresh({ ...fresh, expiresAt: now }, now)).toBe('refused'));
  test('a token of a session that has ended is refused', () =>
    expect(decideRefresh({ ...fresh, sessionRevokedAt: at(-1) }, now)).toBe('refused'));
  test('a token exchanged ten seconds ago may be used again', () => {
    expect(decideRefresh({ ...fresh, rotatedAt: at(-1) }, now)).toBe('repeat');
    expect(decideRefresh({ ...fresh, rotatedAt: at(-10) }, now)).toBe('repeat');
  });
  test('but not once the session has ended', () =>
    expect(decideRefresh({ ...fresh, rotatedAt: at(-1), sessionRevokedAt: at(-1) }, now)).toBe('refused'));
  test('a token exchanged earlier is in two hands', () => {
    expect(decideRefresh({ ...fresh, rotatedAt: at(-10.001) }, now)).toBe('reused');
    expect(decideRefresh({ ...fresh, rotatedAt: at(-60), sessionRevokedAt: at(-30) }, now)).toBe('reused');
  });
});

test('a refresh token is good for 30 days, but never past the 180 days of its session', () => {
  expect(refreshTokenExpiry(now, now)).toEqual(at(30 * day));
  expect(refreshTokenExpiry(at(-170 * day), now)).toEqual(at(10 * day));
});
