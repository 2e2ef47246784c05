import { describe, expect, it } from 'vitest';
import { afterFailure, MAX_ATTEMPTS } from './mail-attempt.js';

const now = new Date('2026-01-05T10:00:00Z');
const noAnswer = { code: 'ECONNECTION', responseCode: null };

describe('after a failed attempt', () => {
  it('a mail waits longer and longer, then is given up', () => {
    const waits = Array.from({ length: MAX_ATTEMPTS }, (_, n) => {
      const next = afterFailure(n + 1, noAnswer, now);
      return next.kind === 'retry' ? (next.at.getTime() - now.getTime()) / 1000 : next.kind;
    });
    expect(waits).toEqual([1, 5, 30, 120, 600, 'give-up']);
  });

  it('a mail that its recipient will never take is given up at once', () => {
    expect(afterFailure(1, { code: 'EENVELOPE', responseCode: 550 }, now)).toEqual({ kind: 'give-up' });
    expect(afterFailure(1, { code: 'EENVELOPE', responseCode: 450 }, now)).toMatchObject({ kind: 'retry' });
  });

  it('a fault of our own account is tried again', () => {
    expect(afterFailure(1, { code: 'EAUTH', responseCode: 535 }, now)).toMatchObject({ kind: 'retry' });
  });
});
