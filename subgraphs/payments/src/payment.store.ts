import type { Sql } from '@shop/platform/sql';
import { z } from 'zod';
import { refundedMinor, type Booking, type Payment, type Refund } from './payment.js';
import { PaymentStatus } from './payment-status.js';
import { finishCall } from './provider-call.store.js';

/** Whose payment it is; goes with every event. */
export interface PaymentReference {
  orderId: string;
  orderNumber: string;
  customerId: string | null;
  email: string;
  locale: string;
}

export interface StoredPayment {
  payment: Payment;
  reference: PaymentReference;
  /** A void came first: the order has no payment and gets none. */
  isTombstone: boolean;
}

const minorUnits = z.coerce.number().pipe(z.int());

const cardSummary = z.object({
  brand: z.string(),
  last4: z.string(),
  expiryMonth: z.number().nullable(),
  expiryYear: z.number().nullable(),
});

const paymentRow = z
  .object({
    id: z.string(),
    order_id: z.string(),
    order_number: z.string(),
    customer_id: z.string().nullable(),
    email: z.string(),
    locale: z.string(),
    status: z.enum(PaymentStatus),
    amount_minor: minorUnits,
    captured_minor: minorUnits,
    currency: z.string(),
    is_tombstone: z.boolean(),
    has_refunds: z.boolean(),
    void_reason: z.string().nullable(),
    provider_id: z.string().nullable(),
    method: cardSummary.nullable(),
    next_action_url: z.string().nullable(),
    decline_code: z.string().nullable(),
    decline_message: z.string().nullable(),
  })
  .transform((row): StoredPayment & { hasRefunds: boolean } => ({
    payment: {
      id: row.id,
      status: row.status,
      amount: { amountMinor: row.amount_minor, currency: row.currency },
      capturedMinor: row.captured_minor,
      refunds: [],
      voidReason: row.void_reason,
      providerId: row.provider_id,
      method: row.method,
      nextActionUrl: row.next_action_url,
      decline: row.decline_code === null ? null : { code: row.decline_code, message: row.decline_message ?? '' },
    },
    reference: {
      orderId: row.order_id,
      orderNumber: row.order_number,
      customerId: row.customer_id,
      email: row.email,
      locale: row.locale,
    },
    isTombstone: row.is_tombstone,
    hasRefunds: row.has_refunds,
  }));

const refundRow = z
  .object({
    id: z.string(),
    amount_minor: minorUnits,
    status: z.enum(['pending', 'done', 'refused']),
    reason: z.string(),
    provider_refund_id: z.string().nullable(),
  })
  .transform((row): Refund => ({
    id: row.id,
    amountMinor: row.amount_minor,
    status: row.status,
    reason: row.reason,
    providerRefundId: row.provider_refund_id,
  }));

/** By its id, by its order, or by the provider's name for it. */
export type PaymentKey = { id: string } | { orderId: string } | { providerId: string };

/** Locks the payment until the transaction ends; null when there is none. */
export async function lockPayment(sql: Sql, key: PaymentKey): Promise<StoredPayment | null> {
  const { column, value } = columnOf(key);
  const [stored] = await sql.rows(paymentRow, `select * from payment where ${column} = $1 for update`, [value]);
  return stored ? withRefunds(sql, stored) : null;
}

/** Keeps the event of a provider and locks its payment; null when there is none, or when the event was there before. */
export async function lockPaymentOnce(
  sql: Sql,
  key: PaymentKey,
  event: { id: string; type: string; at: Date },
): Promise<StoredPayment | null> {
  const { column, value } = columnOf(key);
  const [stored] = await sql.rows(
    paymentRow,
    `with fresh as (insert into provider_event (id, type, received_at) values ($1, $2, $3) on conflict (id) do nothing returning id)
     select p.* from payment p, fresh where p.${column} = $4 for update of p`,
    [event.id, event.type, event.at, value],
  );
  return stored ? withRefunds(sql, stored) : null;
}

/** Keeps the event of a provider that is about no payment of ours. */
export async function keepEvent(sql: Sql, event: { id: string; type: string; at: Date }): Promise<void> {
  const text = `insert into provider_event (id, type, received_at) values ($1, $2, $3) on conflict (id) do nothing`;
  await sql.run(text, [event.id, event.type, event.at]);
}

/** Forgets events of the provider that came before `before`, at most `limit`, and returns how many. */
export function purgeEvents(sql: Sql, before: Date, limit: number): Promise<number> {
  const text = `delete from provider_event where id in (select id from provider_event where received_at < $1 order by received_at limit $2)`;
  return sql.run(text, [before, limit]);
}

function columnOf(key: PaymentKey): { column: string; value: string } {
  if ('id' in key) return { column: 'id', value: key.id };
  return 'orderId' in key ? { column: 'order_id', value: key.orderId } : { column: 'provider_id', value: key.providerId };
}

/** A second statement: the snapshot of the first may be older than the lock it waited for. */
async function withRefunds(sql: Sql, stored: StoredPayment & { hasRefunds: boolean }): Promise<StoredPayment> {
  if (!stored.hasRefunds) return stored;
  return { ...stored, payment: { ...stored.payment, refunds: await refundsOf(sql, stored.payment.id) } };
}

export function refundsOf(sql: Sql, paymentId: string): Promise<Refund[]> {
  const text = `select id, amount_minor, status, reason, provider_refund_id from refund where payment_id = $1 order by created_at, id`;
  return sql.rows(refundRow, text, [paymentId]);
}

/** What is written together with a payment's step. */
export interface StepWrites {
  bookings: readonly Booking[];
  /** The key of the provider call that was answered; with it goes the payment token. */
  answeredCall: string | null;
  at: Date;
}

/**
 * Writes what differs, its bookings, and that a call is done, in one statement: this is on the way of every checkout. The caller holds the
 * lock. A booking that was made before breaks a unique key: it would be a bug, for `advance` names each thing once.
 */
export async function savePayment(sql: Sql, before: Payment, after: Payment, { bookings, answeredCall, at }: StepWrites): Promise<void> {
  if (after === before) return answeredCall === null ? undefined : finishCall(sql, answeredCall);
  const entries = bookings.flatMap(({ id, entries: parts }) => parts.map((part) => ({ ...part, id })));
  await sql.run(
    `with answered as (delete from provider_call where key = $12),
     booked as (
       insert into ledger_entry (booking_id, payment_id, account, amount_minor, currency, booked_at)
       select e.booking_id, $1::uuid, e.account, e.amount_minor, $13, $14
       from unnest($15::text[], $16::text[], $17::bigint[]) as e (booking_id, account, amount_minor)
     )
     update payment set status = $2, captured_minor = $3, refunded_minor = $4, void_reason = $5, provider_id = $6, method = $7::jsonb,
       next_action_url = $8, decline_code = $9, decline_message = $10, has_refunds = $11 where id = $1::uuid`,
    [
      after.id,
      after.status,
      after.capturedMinor,
      refundedMinor(after),
      after.voidReason,
      after.providerId,
      after.method && JSON.stringify(after.method),
      after.nextActionUrl,
      after.decline?.code ?? null,
      after.decline?.message ?? null,
      after.refunds.length > 0,
      answeredCall,
      after.amount.currency,
      at,
      entries.map(({ id }) => id),
      entries.map(({ account }) => account),
      entries.map(({ amountMinor }) => amountMinor),
    ],
  );
  for (const refund of after.refunds.filter((one) => !before.refunds.includes(one))) await saveRefund(sql, after.id, refund);
}

async function saveRefund(sql: Sql, paymentId: string, { id, amountMinor, status, reason, providerRefundId }: Refund): Promise<void> {
  await sql.run(
    `insert into refund (id, payment_id, amount_minor, status, reason, provider_refund_id) values ($1, $2, $3, $4, $5, $6)
     on conflict (id) do update set status = excluded.status, provider_refund_id = excluded.provider_refund_id`,
    [id, paymentId, amountMinor, status, reason, providerRefundId],
  );
}
