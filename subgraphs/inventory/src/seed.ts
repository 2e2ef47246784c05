import { openDatabase } from '@shop/platform/database';
import type { Sql } from '@shop/platform/sql';
import { DEFAULT_SAFETY_STOCK, defaultWarehouses, type WarehouseSettings } from './config.js';
import { InventoryTables } from './migrations/inventory-tables.migration.js';
import { saveWarehouses, warehouseIds } from './warehouse.store.js';

export interface InventorySeedData {
  /** In the order in which they are emptied; default: the three that `startInventory` creates too. */
  warehouses?: WarehouseSettings[];
  /** What lies on the shelves when everything below has happened. One entry a SKU and warehouse. */
  levels: { sku: string; warehouseCode: string; onHand: number; safetyStock?: number }[];
  /** What sample orders have of it; each line is taken from the first warehouse in which its SKU is listed above. */
  reservations?: {
    orderId: string;
    status: 'HELD' | 'COMMITTED' | 'RELEASED';
    lines: { sku: string; quantity: number }[];
    /** When it came to that. */
    at: Date;
  }[];
  /** When the goods were received; default: now. */
  receivedAt?: Date;
}

/**
 * Fills an empty inventory in one transaction, with a ledger that adds up: received is what is on hand and what was sold. HELD lines must
 * fit into `onHand`; their hold never ends by itself within a year. Emits no events. Throws when a warehouse is unknown or a SKU has no level.
 */
export async function seedInventory(databaseUrl: string, data: InventorySeedData): Promise<void> {
  await using db = await openDatabase({ url: databaseUrl, entities: [], migrations: [InventoryTables], poolSize: 2 });
  await db.migrate();
  await db.longTransaction(async (tx) => {
    await saveWarehouses(tx, data.warehouses ?? defaultWarehouses);
    const rows = await plan(tx, data);
    await insertLevels(tx, rows.levels, data.receivedAt ?? new Date());
    await insertReservations(tx, rows.reservations);
    await insertMovements(tx, rows, data.receivedAt ?? new Date());
  });
}

interface SeedLevel {
  sku: string;
  warehouseId: string;
  onHand: number;
  safetyStock: number;
  reserved: number;
  sold: number;
}

type SeedReservation = Omit<NonNullable<InventorySeedData['reservations']>[number], 'lines'> & {
  lines: { sku: string; quantity: number; warehouseId: string }[];
};

interface SeedRows {
  levels: SeedLevel[];
  reservations: SeedReservation[];
}

async function plan(sql: Sql, data: InventorySeedData): Promise<SeedRows> {
  const ids = await warehouseIds(sql, [...new Set(data.levels.map(({ warehouseCode }) => warehouseCode))]);
  const levels = data.levels.map(({ sku, warehouseCode, onHand, safetyStock = DEFAULT_SAFETY_STOCK }): SeedLevel => {
    const warehouseId = ids.get(warehouseCode);
    if (!warehouseId) throw new Error(`There is no warehouse ${warehouseCode}.`);
    return { sku, warehouseId, onHand, safetyStock, reserved: 0, sold: 0 };
  });
  const firstLevels = new Map(levels.toReversed().map((level) => [level.sku, level]));
  const place = (status: SeedReservation['status'], { sku, quantity }: { sku: string; quantity: number }) => {
    const level = firstLevels.get(sku);
    if (!level) throw new Error(`${sku} is reserved but on no shelf.`);
    if (status === 'HELD') level.reserved += quantity;
    if (status === 'COMMITTED') level.sold += quantity;
    return { sku, quantity, warehouseId: level.warehouseId };
  };
  const reservations = (data.reservations ?? []).map((reservation) => ({
    ...reservation,
    lines: reservation.lines.map((line) => place(reservation.status, line)),
  }));
  return { levels, reservations };
}

async function insertLevels(sql: Sql, levels: readonly SeedLevel[], at: Date): Promise<void> {
  await sql.run(
    `insert into stock_item (sku, safety_stock, changed_at) select sku, max(safety_stock), $3
     from unnest($1::text[], $2::int[]) as l (sku, safety_stock) group by sku`,
    [levels.map(({ sku }) => sku), levels.map(({ safetyStock }) => safetyStock), at],
  );
  await sql.run(
    `insert into stock_level (sku, warehouse_id, on_hand, reserved) select * from unnest($1::text[], $2::uuid[], $3::int[], $4::int[])`,
    [
      levels.map(({ sku }) => sku),
      levels.map(({ warehouseId }) => warehouseId),
      levels.map(({ onHand }) => onHand),
      levels.map(({ reserved }) => reserved),
    ],
  );
}

async function insertReservations(sql: Sql, reservations: readonly SeedReservation[]): Promise<void> {
  await sql.run(
    `insert into reservation (order_id, status, expires_at, lines, updated_at)
     select order_id, status, case when status = 'HELD' then at + interval '1 year' end, lines, at
     from unnest($1::text[], $2::text[], $3::jsonb[], $4::timestamptz[]) as r (order_id, status, lines, at)`,
    [
      reservations.map(({ orderId }) => orderId),
      reservations.map(({ status }) => status),
      reservations.map(({ lines }) => JSON.stringify(lines)),
      reservations.map(({ at }) => at),
    ],
  );
}

async function insertMovements(sql: Sql, { levels, reservations }: SeedRows, receivedAt: Date): Promise<void> {
  const received = levels
    .filter(({ onHand, sold }) => onHand + sold > 0)
    .map(({ sku, warehouseId, onHand, sold }) => ({
      sku,
      warehouseId,
      delta: onHand + sold,
      kind: 'RECEIVED',
      reference: 'first stock',
      at: receivedAt,
    }));
  const sold = reservations
    .filter(({ status }) => status === 'COMMITTED')
    .flatMap(({ orderId, lines, at }) =>
      lines.map(({ sku, warehouseId, quantity }) => ({ sku, warehouseId, delta: -quantity, kind: 'COMMITTED', reference: orderId, at })),
    );
  const movements = [...received, ...sold];
  await sql.run(
    `insert into stock_movement (sku, warehouse_id, delta, kind, reference, at)
     select * from unnest($1::text[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::timestamptz[])`,
    [
      movements.map(({ sku }) => sku),
      movements.map(({ warehouseId }) => warehouseId),
      movements.map(({ delta }) => delta),
      movements.map(({ kind }) => kind),
      movements.map(({ reference }) => reference),
      movements.map(({ at }) => at),
    ],
  );
}
