import { describe, expect, it } from 'vitest';
import { decideCommit, decideRelease, decideReserve, RESERVATION_STATUSES, type Reservation } from './reservation.js';

const lines = [
  { sku: 'a', warehouseId: 'w0', quantity: 2 },
  { sku: 'a', warehouseId: 'w1', quantity: 1 },
];
const expiresAt = new Date('2026-01-05T10:15:00Z');
const existing = (status: Reservation['status']): Reservation => ({
  orderId: 'o',
  status,
  lines,
  expiresAt: status === 'HELD' ? expiresAt : null,
});

/** For an order that is unknown, and for one in each status. */
function decisions<D>(decide: (reservation: Reservation | null) => D): Record<string, D> {
  return Object.fromEntries([['none', decide(null)], ...RESERVATION_STATUSES.map((status) => [status, decide(existing(status))])]);
}

describe('a reservation', () => {
  it('is made once and refused after its end', () => {
    expect(decisions(decideReserve)).toEqual({
      none: { kind: 'allocate' },
      HELD: { kind: 'already-held', expiresAt },
      COMMITTED: { kind: 'already-committed' },
      RELEASED: { kind: 'refuse', reason: 'ALREADY_RELEASED' },
      EXPIRED: { kind: 'refuse', reason: 'ALREADY_EXPIRED' },
    });
  });

  it('is sold only while it is held; an expired one has to be held again', () => {
    expect(decisions(decideCommit)).toEqual({
      none: { kind: 'refuse' },
      HELD: { kind: 'commit', lines },
      COMMITTED: { kind: 'already-committed' },
      RELEASED: { kind: 'refuse' },
      EXPIRED: { kind: 'hold-again', requested: [{ sku: 'a', quantity: 3 }] },
    });
  });

  it('is given back once, whether held or sold, and leaves a tombstone when there was none', () => {
    expect(decisions(decideRelease)).toEqual({
      none: { kind: 'leave-tombstone' },
      HELD: { kind: 'unhold', lines },
      COMMITTED: { kind: 'return', lines },
      RELEASED: { kind: 'already-released' },
      EXPIRED: { kind: 'already-released' },
    });
  });
});
