import type { Transaction } from '@shop/platform/database';
import type { Sql } from '@shop/platform/sql';
import { availableAt, type SkuStock } from './stock.js';
import { availableDeltas, emitStockChanges } from './stock-events.js';
import { lockStock, writeStock, type LevelChange, type MovementKind } from './stock.store.js';
import { warehouseIds } from './warehouse.store.js';

export interface IntakeStep {
  at: Date;
  /** Of a SKU that was never in stock before. */
  defaultSafetyStock: number;
}

export type IntakeOutcome =
  | { kind: 'applied'; sku: string }
  | { kind: 'insufficient'; sku: string; available: number }
  | { kind: 'not-found'; what: string };

/** Puts goods on the shelf; the first receipt of a SKU makes it known here. `reference` goes into the ledger. */
export async function receiveStock(
  tx: Transaction,
  { sku, warehouseCode, quantity, reference }: { sku: string; warehouseCode: string; quantity: number; reference: string },
  step: IntakeStep,
): Promise<IntakeOutcome> {
  const warehouseId = (await warehouseIds(tx, [warehouseCode])).get(warehouseCode);
  if (!warehouseId) return { kind: 'not-found', what: 'Warehouse' };
  await ensureLevels(tx, [{ sku, warehouseId }], step);
  const change = { sku, warehouseId, onHand: quantity, reserved: 0 };
  await changeShelf(tx, [change], await lockStock(tx, [sku]), { kind: 'RECEIVED', reference }, step.at);
  return { kind: 'applied', sku };
}

/** Corrects what is on the shelf, never below what is reserved. `reason` goes into the ledger. */
export async function adjustStock(
  tx: Transaction,
  { sku, warehouseCode, delta, reason }: { sku: string; warehouseCode: string; delta: number; reason: string },
  step: Pick<IntakeStep, 'at'>,
): Promise<IntakeOutcome> {
  const warehouseId = (await warehouseIds(tx, [warehouseCode])).get(warehouseCode);
  if (!warehouseId) return { kind: 'not-found', what: 'Warehouse' };
  const stocks = await lockStock(tx, [sku]);
  const level = stocks.get(sku)?.levels.find((candidate) => candidate.warehouseId === warehouseId);
  if (!level) return { kind: 'not-found', what: 'Stock of this SKU in this warehouse' };
  if (availableAt(level) + delta < 0) return { kind: 'insufficient', sku, available: availableAt(level) };
  await changeShelf(tx, [{ sku, warehouseId, onHand: delta, reserved: 0 }], stocks, { kind: 'ADJUSTED', reference: reason }, step.at);
  return { kind: 'applied', sku };
}

/** Writes changes of on-hand stock and tells of them. `stocks` is what was locked. */
export async function changeShelf(
  tx: Transaction,
  changes: readonly LevelChange[],
  stocks: ReadonlyMap<string, SkuStock>,
  movement: { kind: MovementKind; reference: string },
  at: Date,
): Promise<void> {
  const deltas = availableDeltas(changes);
  await writeStock(tx, { changes, movement, bumped: [...deltas.keys()], at });
  emitStockChanges(tx, stocks, deltas, at, null);
}

/** Makes SKUs and their places known, empty; those that are known stay as they are. */
export async function ensureLevels(
  sql: Sql,
  places: readonly { sku: string; warehouseId: string }[],
  { at, defaultSafetyStock }: IntakeStep,
): Promise<void> {
  await sql.run(
    `with place as (select * from unnest($1::text[], $2::uuid[]) as p (sku, warehouse_id)), item as (
       insert into stock_item (sku, safety_stock, changed_at) select distinct sku, $3::int, $4::timestamptz from place order by sku
       on conflict do nothing
     )
     insert into stock_level (sku, warehouse_id) select sku, warehouse_id from place order by sku, warehouse_id on conflict do nothing`,
    [places.map(({ sku }) => sku), places.map(({ warehouseId }) => warehouseId), defaultSafetyStock, at],
  );
}
