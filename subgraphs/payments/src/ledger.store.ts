import type { Sql } from '@shop/platform/database';
import type { Booking } from './payment.js';

/** Appends bookings. One that was made before breaks a unique key: it would be a bug, for `advance` names each thing once. */
export async function book(sql: Sql, paymentId: string, currency: string, bookings: readonly Booking[], at: Date): Promise<void> {
  const entries = bookings.flatMap(({ id, entries: parts }) => parts.map((part) => ({ ...part, id })));
  if (entries.length === 0) return;
  await sql.run(
    `insert into ledger_entry (booking_id, payment_id, account, amount_minor, currency, booked_at)
     select e.booking_id, $1::uuid, e.account, e.amount_minor, $2, $3 from unnest($4::text[], $5::text[], $6::bigint[]) as e (booking_id, account, amount_minor)`,
    [
      paymentId,
      currency,
      at,
      entries.map(({ id }) => id),
      entries.map(({ account }) => account),
      entries.map(({ amountMinor }) => amountMinor),
    ],
  );
}
