import { stockCommitted } from '@shop/events/inventory';
import type { Transaction } from '@shop/platform/database';
import { decideCommit } from './reservation.js';
import { lockReservation } from './reservation.store.js';
import { answerRejected, writeHold, type StockStep } from './reserve-stock.js';
import { allocate, type Allocation, type QuantityOfSku } from './stock.js';
import { lockStock, writeStock } from './stock.store.js';

/**
 * What is held for the order is sold. A hold that has expired is taken again when the stock is still there; else, and when nothing was
 * held, the answer is stock-rejected and nothing is sold. Repeatable.
 */
export async function commitStockFor(tx: Transaction, orderId: string, step: StockStep): Promise<void> {
  const decision = decideCommit(await lockReservation(tx, orderId));
  switch (decision.kind) {
    case 'commit':
      return sell(tx, orderId, decision.lines, step);
    case 'hold-again':
      return holdAgainAndSell(tx, orderId, decision.requested, step);
    case 'already-committed':
      return answerCommitted(tx, orderId, step);
    case 'refuse':
      return answerRejected(tx, orderId, 'NOTHING_HELD', [], step);
    default:
      return decision satisfies never;
  }
}

async function sell(tx: Transaction, orderId: string, lines: readonly Allocation[], step: StockStep): Promise<void> {
  await writeStock(tx, {
    changes: lines.map(({ sku, warehouseId, quantity }) => ({ sku, warehouseId, onHand: -quantity, reserved: -quantity })),
    movement: { kind: 'COMMITTED', reference: orderId },
    bumped: [],
    at: step.at,
    reservation: { after: { orderId, status: 'COMMITTED', expiresAt: null, lines }, before: 'HELD' },
  });
  answerCommitted(tx, orderId, step);
}

async function holdAgainAndSell(tx: Transaction, orderId: string, requested: readonly QuantityOfSku[], step: StockStep): Promise<void> {
  const stocks = await lockStock(
    tx,
    requested.map(({ sku }) => sku),
  );
  const result = allocate(requested, stocks);
  if (result.kind === 'short') return answerRejected(tx, orderId, 'OUT_OF_STOCK', result.shortages, step);
  const expiresAt = new Date(step.at.getTime() + step.holdMs);
  await writeHold(tx, { orderId, status: 'HELD', expiresAt, lines: result.parts }, 'EXPIRED', stocks, step);
  await sell(tx, orderId, result.parts, step);
}

function answerCommitted(tx: Transaction, orderId: string, { causationId }: StockStep): void {
  tx.emit(stockCommitted, { aggregateId: orderId, causationId }, { orderId });
}
