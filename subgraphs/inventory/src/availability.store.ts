import { z } from 'zod';
import type { Sql } from '@shop/platform/sql';
import { batchedByRequest } from '@shop/platform/reference';
import type { SkuAvailability } from './availability.js';
import type { InventoryContext } from './context.js';

const availabilityRow = z
  .object({ sku: z.string(), available: z.number(), safety_stock: z.number(), version: z.number(), changed_at: z.coerce.date() })
  .transform(({ safety_stock, changed_at, ...row }): SkuAvailability => ({ ...row, safetyStock: safety_stock, changedAt: changed_at }));

const columns = `i.sku, i.safety_stock, i.version, i.changed_at,
  coalesce((select sum(l.on_hand - l.reserved) from stock_level l where l.sku = i.sku), 0)::int as available`;

/** SKUs that were never in stock are left out. One statement, however many. */
export async function readAvailability(sql: Sql, skus: readonly string[]): Promise<Map<string, SkuAvailability>> {
  const rows = await sql.rows(availabilityRow, `select ${columns} from stock_item i where i.sku = any($1::text[])`, [skus]);
  return new Map(rows.map((row) => [row.sku, row]));
}

/** All that there is, `first` at a time, in the order of SKUs; `after` is the last SKU seen. */
export function readPositions(sql: Sql, first: number, after: string | null): Promise<SkuAvailability[]> {
  return sql.rows(availabilityRow, `select ${columns} from stock_item i where i.sku > $1 order by i.sku limit $2`, [after ?? '', first]);
}

/** Availability by SKU, read once a request for all SKUs that are asked for together. */
export const availabilityLoader = batchedByRequest<InventoryContext, SkuAvailability>((skus, { db }) => readAvailability(db, skus));
