import { z } from 'zod';
import type { Sql } from '@shop/platform/sql';
import { RESERVATION_STATUSES, type Reservation } from './reservation.js';

const reservationRow = z
  .object({
    order_id: z.string(),
    status: z.enum(RESERVATION_STATUSES),
    expires_at: z.coerce.date().nullable(),
    lines: z.array(z.object({ sku: z.string(), warehouseId: z.string(), quantity: z.number() })),
  })
  .transform(({ order_id, expires_at, ...row }): Reservation => ({ orderId: order_id, expiresAt: expires_at, ...row }));

/** Reads and locks what an order has; null when there was nothing yet. */
export async function lockReservation(sql: Sql, orderId: string): Promise<Reservation | null> {
  const [row] = await sql.rows(
    reservationRow,
    `select order_id, status, expires_at, lines from reservation where order_id = $1 for update`,
    [orderId],
  );
  return row ?? null;
}

/** Locks the reservation that has been due longest; those that somebody else is at work on are left to them. */
export async function lockNextExpired(sql: Sql, now: Date): Promise<Reservation | null> {
  const [row] = await sql.rows(
    reservationRow,
    `select order_id, status, expires_at, lines from reservation where status = 'HELD' and expires_at <= $1
     order by expires_at limit 1 for update skip locked`,
    [now],
  );
  return row ?? null;
}
