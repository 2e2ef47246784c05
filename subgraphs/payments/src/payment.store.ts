import type { Sql } from '@shop/platform/database';
import { z } from 'zod';
import { refundedMinor, type Payment, type Refund } from './payment.js';
import { isCaptured, PaymentStatus } from './payment-status.js';

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
    void_reason: z.string().nullable(),
    provider_id: z.string().nullable(),
    method: cardSummary.nullable(),
    next_action_url: z.string().nullable(),
    decline_code: z.string().nullable(),
    decline_message: z.string().nullable(),
  })
  .transform((row): StoredPayment => ({
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
  const [column, value] = 'id' in key ? ['id', key.id] : 'orderId' in key ? ['order_id', key.orderId] : ['provider_id', key.providerId];
  const [stored] = await sql.rows(paymentRow, `select * from payment where ${column} = $1 for update`, [value]);
  if (!stored || !isCaptured(stored.payment.status)) return stored ?? null;
  // A second statement: the first one's snapshot may be older than the lock it waited for.
  return { ...stored, payment: { ...stored.payment, refunds: await refundsOf(sql, stored.payment.id) } };
}

export function refundsOf(sql: Sql, paymentId: string): Promise<Refund[]> {
  const text = `select id, amount_minor, status, reason, provider_refund_id from refund where payment_id = $1 order by created_at, id`;
  return sql.rows(refundRow, text, [paymentId]);
}

/** Writes what differs. The caller holds the lock. */
export async function savePayment(sql: Sql, before: Payment, after: Payment): Promise<void> {
  if (after === before) return;
  await sql.run(
    `update payment set status = $2, captured_minor = $3, refunded_minor = $4, void_reason = $5, provider_id = $6, method = $7::jsonb,
       next_action_url = $8, decline_code = $9, decline_message = $10 where id = $1`,
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
