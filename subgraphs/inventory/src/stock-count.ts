import { z } from 'zod';
import type { Database, Transaction } from '@shop/platform/database';
import type { Sql } from '@shop/platform/sql';
import { changeShelf, ensureLevels, type IntakeStep } from './stock-intake.js';
import type { SkuStock } from './stock.js';
import { lockStock, type LevelChange } from './stock.store.js';

/** What was counted on one shelf. */
export interface CountedLevel {
  sku: string;
  warehouseId: string;
  onHand: number;
  /** Whose count it is, e.g. a file; one reference counts a shelf once. */
  reference: string;
}

/**
 * Sets levels to what was counted, never below what is reserved, in one transaction. A reference that has already counted a shelf changes
 * nothing there. Returns how many shelves were set.
 */
export function recordCounts(db: Database, levels: readonly CountedLevel[], step: IntakeStep): Promise<number> {
  const byReference = Map.groupBy(levels, ({ reference }) => reference);
  return db.transaction(async (tx) => {
    let applied = 0;
    await ensureLevels(tx, levels, step);
    for (const [reference, counted] of byReference) applied += await recordCount(tx, reference, counted, step.at);
    return applied;
  });
}

async function recordCount(tx: Transaction, reference: string, counted: readonly CountedLevel[], at: Date): Promise<number> {
  const stocks = await lockStock(
    tx,
    counted.map(({ sku }) => sku),
  );
  const done = await shelvesCountedBy(tx, reference);
  const lastCounts = new Map(counted.map((level) => [shelfKey(level.sku, level.warehouseId), level]));
  const changes = [...lastCounts].flatMap(([key, level]) => (done.has(key) ? [] : differenceOf(level, stocks)));
  await changeShelf(tx, changes, stocks, { kind: 'COUNTED', reference }, at);
  return changes.length;
}

function differenceOf({ sku, warehouseId, onHand }: CountedLevel, stocks: ReadonlyMap<string, SkuStock>): LevelChange[] {
  const level = stocks.get(sku)?.levels.find((candidate) => candidate.warehouseId === warehouseId);
  return level ? [{ sku, warehouseId, onHand: Math.max(onHand, level.reserved) - level.onHand, reserved: 0 }] : [];
}

async function shelvesCountedBy(sql: Sql, reference: string): Promise<ReadonlySet<string>> {
  const rows = await sql.rows(
    z.object({ sku: z.string(), warehouse_id: z.string() }),
    `select sku, warehouse_id from stock_movement where kind = 'COUNTED' and reference = $1`,
    [reference],
  );
  return new Set(rows.map((row) => shelfKey(row.sku, row.warehouse_id)));
}

function shelfKey(sku: string, warehouseId: string): string {
  return `${warehouseId}/${sku}`;
}
