import { stockReleased } from '@shop/events/inventory';
import type { Database, Transaction } from '@shop/platform/database';
import { decideRelease, type Reservation } from './reservation.js';
import { lockNextExpired, lockReservation } from './reservation.store.js';
import { tombstone, type StockStep } from './reserve-stock.js';
import type { Allocation } from './stock.js';
import { availableDeltas, emitStockChanges } from './stock-events.js';
import { lockStock, writeStock, type StockWrite } from './stock.store.js';

type ReleaseStep = Omit<StockStep, 'holdMs'>;

/**
 * Gives back whatever the order has. Safe when nothing was reserved: then a tombstone refuses a reserve that comes later. Always answers
 * stock-released; repeatable.
 */
export async function releaseStockFor(tx: Transaction, orderId: string, reason: string, step: ReleaseStep): Promise<void> {
  const decision = decideRelease(await lockReservation(tx, orderId));
  switch (decision.kind) {
    case 'unhold':
      await unhold(tx, { orderId, status: 'RELEASED', expiresAt: null, lines: decision.lines }, step);
      break;
    case 'return':
      await returnToShelf(tx, orderId, decision.lines, step);
      break;
    case 'leave-tombstone':
      await writeStock(tx, { changes: [], bumped: [], at: step.at, reservation: { after: tombstone(orderId), before: null } });
      break;
    case 'already-released':
      break;
    default:
      return decision satisfies never;
  }
  answerReleased(tx, orderId, reason, step);
}

/** Ends the hold that has been over the longest, in a transaction of its own. Returns how many it ended: 0 or 1. */
export function expireOneHold(db: Database, now: Date): Promise<number> {
  return db.transaction(async (tx) => {
    const due = await lockNextExpired(tx, now);
    if (!due) return 0;
    const step = { at: now, causationId: null };
    await unhold(tx, { ...due, status: 'EXPIRED', expiresAt: null }, step);
    answerReleased(tx, due.orderId, 'EXPIRED', step);
    return 1;
  });
}

function unhold(tx: Transaction, after: Reservation, step: ReleaseStep): Promise<void> {
  const changes = after.lines.map(({ sku, warehouseId, quantity }) => ({ sku, warehouseId, onHand: 0, reserved: -quantity }));
  return makeAvailable(tx, { changes, reservation: { after, before: 'HELD' } }, step);
}

function returnToShelf(tx: Transaction, orderId: string, lines: readonly Allocation[], step: ReleaseStep): Promise<void> {
  const changes = lines.map(({ sku, warehouseId, quantity }) => ({ sku, warehouseId, onHand: quantity, reserved: 0 }));
  const after: Reservation = { orderId, status: 'RELEASED', expiresAt: null, lines };
  return makeAvailable(
    tx,
    { changes, movement: { kind: 'RETURNED', reference: orderId }, reservation: { after, before: 'COMMITTED' } },
    step,
  );
}

async function makeAvailable(tx: Transaction, write: Omit<StockWrite, 'bumped' | 'at'>, { at, causationId }: ReleaseStep): Promise<void> {
  const deltas = availableDeltas(write.changes);
  const stocks = await lockStock(tx, [...deltas.keys()]);
  await writeStock(tx, { ...write, bumped: [...deltas.keys()], at });
  emitStockChanges(tx, stocks, deltas, at, causationId);
}

function answerReleased(tx: Transaction, orderId: string, reason: string, { causationId }: ReleaseStep): void {
  tx.emit(stockReleased, { aggregateId: orderId, causationId }, { orderId, reason });
}
