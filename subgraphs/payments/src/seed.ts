import { openDatabase } from '@shop/platform/database';
import type { Sql } from '@shop/platform/sql';
import type { Amount } from '@shop/platform/money';
import { CreatePayments } from './migrations/create-payments.js';
import { PaymentEntity } from './payment.entity.js';
import type { CardSummary } from './payment.js';

/** A payment of the past. Its status follows from what is told: refunded money needs captured money, and so on. */
export interface SeedPayment {
  id: string;
  orderId: string;
  orderNumber: string;
  /** Null for a guest. */
  customerId: string | null;
  email: string;
  locale: string;
  amount: Amount;
  state: 'authorized' | 'captured' | 'voided' | 'declined';
  /** The provider's name of it, e.g. `pi_demo_000001`; null when declined. */
  providerId: string | null;
  method: CardSummary | null;
  /** For `declined`. */
  declineCode?: string;
  /** For `captured`. `id` is unique over all payments. */
  refunds?: readonly { id: string; amountMinor: number; reason: string; createdAt: Date }[];
  createdAt: Date;
}

const PORTION = 1_000;

/** Brings the tables up to date and inserts payments with their ledger; those whose order has one already are left alone. Emits nothing. */
export async function seedPayments(databaseUrl: string, payments: readonly SeedPayment[]): Promise<void> {
  await using db = await openDatabase({ url: databaseUrl, entities: [PaymentEntity], migrations: [CreatePayments], poolSize: 2 });
  await db.migrate();
  for (let start = 0; start < payments.length; start += PORTION) {
    await db.longTransaction(async (tx) => {
      await insertPortion(tx, payments.slice(start, start + PORTION));
    });
  }
}

/** A row of JSON each; what was there before is not touched, and its refunds and bookings are not made again. */
async function insertPortion(sql: Sql, payments: readonly SeedPayment[]): Promise<void> {
  await sql.run(
    `with given as (
       select * from jsonb_to_recordset($1::jsonb) as g (id uuid, order_id text, order_number text, customer_id text, email text, locale text,
         status text, amount_minor bigint, captured_minor bigint, refunded_minor bigint, currency text, void_reason text, provider_id text,
         method jsonb, decline_code text, created_at timestamptz, refunds jsonb)
     ), made as (
       insert into payment (id, order_id, order_number, customer_id, email, locale, status, amount_minor, captured_minor, refunded_minor,
         currency, void_reason, provider_id, method, decline_code, created_at, has_refunds)
       select id, order_id, order_number, customer_id, email, locale, status, amount_minor, captured_minor, refunded_minor,
         currency, void_reason, provider_id, nullif(method, 'null'), decline_code, created_at, refunded_minor > 0 from given
       on conflict (order_id) do nothing returning id
     ), refunded as (
       select given.id as payment_id, given.currency, r.* from given join made on made.id = given.id,
         jsonb_to_recordset(given.refunds) as r (id text, amount_minor bigint, reason text, created_at timestamptz)
     ), made_refunds as (
       insert into refund (id, payment_id, amount_minor, status, reason, created_at)
       select id, payment_id, amount_minor, 'done', reason, created_at from refunded
     ), booking as (
       select 'capture:' || given.id as booking_id, given.id as payment_id, captured_minor as amount_minor, currency, created_at
       from given join made on made.id = given.id where captured_minor > 0
       union all
       select 'refund:' || id, payment_id, -amount_minor, currency, created_at from refunded
     )
     insert into ledger_entry (booking_id, payment_id, account, amount_minor, currency, booked_at)
     select booking_id, payment_id, side.account, side.sign * amount_minor, currency, created_at
     from booking cross join (values ('provider_receivable', 1), ('customer', -1)) as side (account, sign)`,
    [JSON.stringify(payments.map(rowOf))],
  );
}

function rowOf(payment: SeedPayment): object {
  const refunds = payment.state === 'captured' ? (payment.refunds ?? []) : [];
  const refundedMinor = refunds.reduce((total, { amountMinor }) => total + amountMinor, 0);
  return {
    id: payment.id,
    order_id: payment.orderId,
    order_number: payment.orderNumber,
    customer_id: payment.customerId,
    email: payment.email,
    locale: payment.locale,
    status: statusOf(payment, refundedMinor),
    amount_minor: payment.amount.amountMinor,
    captured_minor: payment.state === 'captured' ? payment.amount.amountMinor : 0,
    refunded_minor: refundedMinor,
    currency: payment.amount.currency,
    void_reason: payment.state === 'voided' ? 'cancelled' : null,
    provider_id: payment.providerId,
    method: payment.method,
    decline_code: payment.state === 'declined' ? (payment.declineCode ?? 'generic_decline') : null,
    created_at: payment.createdAt,
    refunds: refunds.map(({ id, amountMinor, reason, createdAt }) => ({ id, amount_minor: amountMinor, reason, created_at: createdAt })),
  };
}

function statusOf({ state, amount }: SeedPayment, refundedMinor: number): string {
  if (state !== 'captured') return state.toUpperCase();
  if (refundedMinor === 0) return 'CAPTURED';
  return refundedMinor === amount.amountMinor ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
}
