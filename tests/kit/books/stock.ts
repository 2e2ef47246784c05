import { z } from 'zod';
import type { Books } from '../ledger.js';

const violationRow = z.object({ id: z.string() });

const checks: readonly { rule: string; text: string }[] = [
  {
    rule: 'I7: a stock is negative, or more is reserved than is there',
    text: `select sku as id from stock_level where on_hand < 0 or reserved < 0 or reserved > on_hand`,
  },
  {
    rule: 'I8: what is on hand is not what the ledger says',
    text: `select sku as id from stock_level l where on_hand <> (
      select coalesce(sum(delta), 0) from stock_movement m where m.sku = l.sku and m.warehouse_id = l.warehouse_id)`,
  },
  {
    rule: 'I8: what is reserved is not what orders hold',
    text: `select sku as id from stock_level l where reserved <> (
      select coalesce(sum((line->>'quantity')::int), 0) from reservation r, jsonb_array_elements(r.lines) as line
      where r.status = 'HELD' and line->>'sku' = l.sku and line->>'warehouseId' = l.warehouse_id::text)`,
  },
  {
    rule: 'I9: what an order has and what the ledger booked for it differ',
    text: `select order_id as id from reservation r where (
        select coalesce(-sum(delta), 0) from stock_movement where reference = r.order_id and kind in ('COMMITTED', 'RETURNED')
      ) <> (case when status = 'COMMITTED'
        then (select coalesce(sum((line->>'quantity')::int), 0) from jsonb_array_elements(lines) as line) else 0 end)`,
  },
];

const reservationRow = z.object({ order_id: z.string(), status: z.string() });
const orderRow = z.object({ id: z.string(), status: z.string(), is_released: z.boolean() });

const ORDERED = `select id::text, status, exists (
    select from outbox where aggregate_id = o.id::text and type = 'inventory.release-stock.v1') as is_released
  from orders o where cart_id is not null`;

const MAY_REST: Readonly<Record<string, readonly string[]>> = {
  COMMITTED: ['CONFIRMED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'RETURNED'],
  RELEASED: ['CANCELLED', 'REJECTED'],
  EXPIRED: ['CANCELLED', 'REJECTED'],
  HELD: [],
};

/** I7, I8, I9 and I10: stock is never negative, comes from nowhere, or stays with an order that is over. */
export async function stockViolations(books: Books): Promise<string[]> {
  const own = checks.map(async ({ rule, text }) => {
    const rows = z.array(violationRow).parse(await books.sql('inventory', text));
    return rows.map(({ id }) => `${rule} (${id})`);
  });
  return [...(await Promise.all(own)).flat(), ...(await reservationViolations(books))];
}

async function reservationViolations(books: Books): Promise<string[]> {
  const [reserved, ordered] = await Promise.all([
    books.sql('inventory', 'select order_id, status from reservation'),
    books.sql('orders', ORDERED),
  ]);
  const reservations = new Map(
    z
      .array(reservationRow)
      .parse(reserved)
      .map(({ order_id, status }) => [order_id, status]),
  );
  return z
    .array(orderRow)
    .parse(ordered)
    .flatMap(({ id, status, is_released }) => {
      const reservation = reservations.get(id);
      // Without a tombstone a reserve that comes late would be served.
      if (is_released && reservation === undefined) return [`I10: order ${id} was released before it was reserved, and left no tombstone`];
      const isFine = reservation === undefined ? status === 'REJECTED' || status === 'CANCELLED' : MAY_REST[reservation]?.includes(status);
      return isFine ? [] : [`I9: order ${id} is ${status}, its stock ${reservation ?? 'was never reserved'}`];
    });
}
