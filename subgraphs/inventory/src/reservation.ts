import { sumPerSku, type Allocation, type QuantityOfSku } from './stock.js';

/** HELD waits for its commit or its end; the three others are where a reservation can rest. */
export const RESERVATION_STATUSES = ['HELD', 'COMMITTED', 'RELEASED', 'EXPIRED'] as const;

export type ReservationStatus = (typeof RESERVATION_STATUSES)[number];

/** What one order has of the stock. RELEASED without lines is a tombstone: nothing was ever held, and a late reserve is refused. */
export interface Reservation {
  orderId: string;
  status: ReservationStatus;
  /** null unless HELD. */
  expiresAt: Date | null;
  lines: readonly Allocation[];
}

export type ReserveDecision =
  | { kind: 'allocate' }
  /** The same command again: the same answer, nothing more is held. */
  | { kind: 'already-held'; expiresAt: Date }
  | { kind: 'already-committed' }
  | { kind: 'refuse'; reason: 'ALREADY_RELEASED' | 'ALREADY_EXPIRED' };

/** An order has one reservation. What was released, even before it was reserved, is not held any more. */
export function decideReserve(existing: Reservation | null): ReserveDecision {
  if (!existing) return { kind: 'allocate' };
  switch (existing.status) {
    case 'HELD':
      return { kind: 'already-held', expiresAt: existing.expiresAt ?? new Date(0) };
    case 'COMMITTED':
      return { kind: 'already-committed' };
    case 'RELEASED':
      return { kind: 'refuse', reason: 'ALREADY_RELEASED' };
    case 'EXPIRED':
      return { kind: 'refuse', reason: 'ALREADY_EXPIRED' };
    default:
      return existing.status satisfies never;
  }
}

export type CommitDecision =
  | { kind: 'commit'; lines: readonly Allocation[] }
  /** It expired before: sold after all when the same quantities are still there, never more than there is. */
  | { kind: 'hold-again'; requested: readonly QuantityOfSku[] }
  | { kind: 'already-committed' }
  | { kind: 'refuse' };

/** After a commit the goods are sold. Refused where nothing was reserved, or it was released. */
export function decideCommit(existing: Reservation | null): CommitDecision {
  if (!existing) return { kind: 'refuse' };
  switch (existing.status) {
    case 'HELD':
      return { kind: 'commit', lines: existing.lines };
    case 'EXPIRED':
      return { kind: 'hold-again', requested: sumPerSku(existing.lines) };
    case 'COMMITTED':
      return { kind: 'already-committed' };
    case 'RELEASED':
      return { kind: 'refuse' };
    default:
      return existing.status satisfies never;
  }
}

export type ReleaseDecision =
  /** Held becomes available. */
  | { kind: 'unhold'; lines: readonly Allocation[] }
  /** Sold returns to the shelf. */
  | { kind: 'return'; lines: readonly Allocation[] }
  | { kind: 'leave-tombstone' }
  | { kind: 'already-released' };

/** Undoes whatever was done; where nothing was yet, it leaves a mark that refuses what comes late. */
export function decideRelease(existing: Reservation | null): ReleaseDecision {
  if (!existing) return { kind: 'leave-tombstone' };
  switch (existing.status) {
    case 'HELD':
      return { kind: 'unhold', lines: existing.lines };
    case 'COMMITTED':
      return { kind: 'return', lines: existing.lines };
    case 'RELEASED':
    case 'EXPIRED':
      return { kind: 'already-released' };
    default:
      return existing.status satisfies never;
  }
}
