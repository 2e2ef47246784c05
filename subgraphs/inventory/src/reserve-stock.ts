import { stockRejected, stockReserved } from '@shop/events/inventory';
import type { Transaction } from '@shop/platform/database';
import { decideReserve, type Reservation } from './reservation.js';
import { lockReservation } from './reservation.store.js';
import { allocate, sumPerSku, type Allocation, type QuantityOfSku, type Shortage, type SkuStock } from './stock.js';
import { availableDeltas, emitStockChanges } from './stock-events.js';
import { lockStock, writeStock } from './stock.store.js';

/** When, for how long, and as an answer to which message. */
export interface StockStep {
  at: Date;
  holdMs: number;
  causationId: string | null;
}

/**
 * Holds all of `lines` for the order or nothing. Answers stock-reserved or stock-rejected; repeatable: the same order again gets the same
 * answer and holds nothing more. After a rejection the order can have nothing any more.
 */
export async function reserveStockFor(tx: Transaction, orderId: string, lines: readonly QuantityOfSku[], step: StockStep): Promise<void> {
  const decision = decideReserve(await lockReservation(tx, orderId));
  switch (decision.kind) {
    case 'allocate':
      return hold(tx, orderId, lines, step);
    case 'already-held':
      return answerReserved(tx, orderId, decision.expiresAt, step);
    case 'already-committed':
      return;
    case 'refuse':
      return answerRejected(tx, orderId, decision.reason, [], step);
    default:
      return decision satisfies never;
  }
}

async function hold(tx: Transaction, orderId: string, lines: readonly QuantityOfSku[], step: StockStep): Promise<void> {
  const requested = sumPerSku(lines);
  const stocks = await lockStock(
    tx,
    requested.map(({ sku }) => sku),
  );
  const result = allocate(requested, stocks);
  if (result.kind === 'short') {
    await writeStock(tx, { changes: [], bumped: [], at: step.at, reservation: { after: tombstone(orderId), before: null } });
    return answerRejected(tx, orderId, 'OUT_OF_STOCK', result.shortages, step);
  }
  const expiresAt = new Date(step.at.getTime() + step.holdMs);
  await writeHold(tx, { orderId, status: 'HELD', expiresAt, lines: result.parts }, null, stocks, step);
  answerReserved(tx, orderId, expiresAt, step);
}

/** Reserves the allocated `after.lines` on the shelf. `stocks` is what was locked. */
export async function writeHold(
  tx: Transaction,
  after: Reservation,
  before: 'EXPIRED' | null,
  stocks: ReadonlyMap<string, SkuStock>,
  step: StockStep,
): Promise<void> {
  const changes = after.lines.map(heldOnShelf);
  const deltas = availableDeltas(changes);
  await writeStock(tx, { changes, bumped: [...deltas.keys()], at: step.at, reservation: { after, before } });
  emitStockChanges(tx, stocks, deltas, step.at, step.causationId);
}

function heldOnShelf({ sku, warehouseId, quantity }: Allocation) {
  return { sku, warehouseId, onHand: 0, reserved: quantity };
}

/** Nothing is held, and a late reserve is refused. */
export function tombstone(orderId: string): Reservation {
  return { orderId, status: 'RELEASED', expiresAt: null, lines: [] };
}

function answerReserved(tx: Transaction, orderId: string, expiresAt: Date, { causationId }: StockStep): void {
  tx.emit(stockReserved, { aggregateId: orderId, causationId }, { orderId, expiresAt: expiresAt.toISOString() });
}

export function answerRejected(
  tx: Transaction,
  orderId: string,
  reason: 'OUT_OF_STOCK' | 'ALREADY_RELEASED' | 'ALREADY_EXPIRED' | 'NOTHING_HELD',
  shortages: Shortage[],
  { causationId }: StockStep,
): void {
  tx.emit(stockRejected, { aggregateId: orderId, causationId }, { orderId, shortages, reason });
}
