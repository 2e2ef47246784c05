import { lowStock, stockChanged } from '@shop/events/inventory';
import type { Transaction } from '@shop/platform/database';
import { availabilityCode, availableOf, fellToSafetyStock, type SkuStock } from './stock.js';
import type { LevelChange } from './stock.store.js';

/** SKUs of which more or less can be bought after `changes`, with the difference. A commit, for one, changes nothing of that. */
export function availableDeltas(changes: readonly LevelChange[]): Map<string, number> {
  const deltas = new Map<string, number>();
  for (const { sku, onHand, reserved } of changes) deltas.set(sku, (deltas.get(sku) ?? 0) + onHand - reserved);
  return new Map([...deltas].filter(([, delta]) => delta !== 0));
}

/** Tells of every SKU in `deltas`, given the stock as it was locked before the change. */
export function emitStockChanges(
  tx: Transaction,
  before: ReadonlyMap<string, SkuStock>,
  deltas: ReadonlyMap<string, number>,
  at: Date,
  causationId: string | null,
): void {
  for (const [sku, delta] of deltas) {
    const stock = before.get(sku);
    if (stock) emitStockChange(tx, stock, delta, at, causationId);
  }
}

function emitStockChange(tx: Transaction, stock: SkuStock, delta: number, at: Date, causationId: string | null): void {
  const { sku, safetyStock, version } = stock;
  const available = availableOf(stock) + delta;
  const emission = { aggregateId: sku, causationId };
  tx.emit(stockChanged, emission, {
    sku,
    version: version + 1,
    available,
    status: availabilityCode(available, safetyStock),
    at: at.toISOString(),
  });
  if (fellToSafetyStock(availableOf(stock), available, safetyStock)) tx.emit(lowStock, emission, { sku, available, safetyStock });
}
