import { z } from 'zod';
import type { Sql } from '@shop/platform/sql';
import type { Reservation, ReservationStatus } from './reservation.js';
import type { SkuStock } from './stock.js';

/** Why goods moved; each kind is one direction, except ADJUSTED and COUNTED. */
export type MovementKind = 'RECEIVED' | 'ADJUSTED' | 'COUNTED' | 'COMMITTED' | 'RETURNED';

/** What becomes of one SKU in one warehouse: two differences. */
export interface LevelChange {
  sku: string;
  warehouseId: string;
  onHand: number;
  reserved: number;
}

export interface StockWrite {
  changes: readonly LevelChange[];
  at: Date;
  /** The entry of the ledger; required when an `onHand` differs from 0. */
  movement?: { kind: MovementKind; reference: string };
  /** SKUs whose available quantity changes. */
  bumped: readonly string[];
  /** The reservation as it is afterwards, and the status that it must have had before: null for none. */
  reservation?: { after: Reservation; before: ReservationStatus | null };
}

const lockedRow = z.object({
  sku: z.string(),
  safety_stock: z.number(),
  version: z.number(),
  warehouse_id: z.string(),
  priority: z.number(),
  on_hand: z.number(),
  reserved: z.number(),
});

/**
 * Reads stock and locks it until the transaction ends, in the one order that everybody locks in: SKU, then warehouse. A SKU that is
 * nowhere on a shelf is left out.
 */
export async function lockStock(sql: Sql, skus: readonly string[]): Promise<Map<string, SkuStock>> {
  const rows = await sql.rows(
    lockedRow,
    `select i.sku, i.safety_stock, i.version, l.warehouse_id, w.priority, l.on_hand, l.reserved
     from stock_item i join stock_level l on l.sku = i.sku join warehouse w on w.id = l.warehouse_id
     where i.sku = any($1::text[]) order by i.sku, l.warehouse_id for update of i, l`,
    [skus],
  );
  return new Map([...Map.groupBy(rows, ({ sku }) => sku)].flatMap(([sku, ofSku]) => (ofSku[0] ? [[sku, stockOf(ofSku[0], ofSku)]] : [])));
}

function stockOf({ sku, safety_stock, version }: z.output<typeof lockedRow>, rows: readonly z.output<typeof lockedRow>[]): SkuStock {
  const levels = rows.map((row) => ({
    warehouseId: row.warehouse_id,
    priority: row.priority,
    onHand: row.on_hand,
    reserved: row.reserved,
  }));
  return { sku, safetyStock: safety_stock, version, levels };
}

/**
 * One statement for every change of stock: levels, ledger, versions and the reservation move together. A level is only written while it
 * has what is taken, and the reservation only while it is in the status that was decided on; else it throws and nothing is written.
 */
export async function writeStock(sql: Sql, { changes, at, movement, bumped, reservation }: StockWrite): Promise<void> {
  const [written] = await sql.rows(
    z.object({ levels: z.number(), reservations: z.number() }),
    `with change as (
       select * from unnest($1::text[], $2::uuid[], $3::int[], $4::int[]) as c (sku, warehouse_id, on_hand, reserved)
     ), locked as materialized (
       select l.sku, l.warehouse_id, c.on_hand, c.reserved from stock_level l join change c using (sku, warehouse_id)
       order by l.sku, l.warehouse_id for update of l
     ), level as (
       update stock_level l set on_hand = l.on_hand + c.on_hand, reserved = l.reserved + c.reserved from locked c
       where l.sku = c.sku and l.warehouse_id = c.warehouse_id
         and l.on_hand + c.on_hand >= l.reserved + c.reserved and l.reserved + c.reserved >= 0
       returning l.sku
     ), moved as (
       insert into stock_movement (sku, warehouse_id, delta, kind, reference, at)
       select sku, warehouse_id, on_hand, $5, $6, $7 from change where $5::text is not null
     ), bumped as (
       update stock_item set version = version + 1, changed_at = $7 where sku = any($8::text[])
     ), kept as (
       insert into reservation (order_id, status, expires_at, lines, updated_at)
       select $9, $10, $11::timestamptz, $12::jsonb, $7 where $9::text is not null
       on conflict (order_id) do update set status = excluded.status, expires_at = excluded.expires_at, lines = excluded.lines,
         updated_at = excluded.updated_at where reservation.status = $13
       returning order_id
     )
     select (select count(*) from level)::int as levels, (select count(*) from kept)::int as reservations`,
    [
      changes.map(({ sku }) => sku),
      changes.map(({ warehouseId }) => warehouseId),
      changes.map(({ onHand }) => onHand),
      changes.map(({ reserved }) => reserved),
      movement?.kind ?? null,
      movement?.reference ?? null,
      at,
      bumped,
      reservation?.after.orderId ?? null,
      reservation?.after.status ?? null,
      reservation?.after.expiresAt ?? null,
      reservation ? JSON.stringify(reservation.after.lines) : null,
      reservation?.before ?? null,
    ],
  );
  if (written?.levels !== changes.length) throw new Error('A stock level has changed since it was decided on.');
  if (reservation && written.reservations !== 1)
    throw new Error(`The reservation of ${reservation.after.orderId} has changed since it was decided on.`);
}
