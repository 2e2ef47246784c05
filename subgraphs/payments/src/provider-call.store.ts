import type { Sql } from '@shop/platform/sql';
import { z } from 'zod';

export type CallKind = 'authorize' | 'capture' | 'void' | 'refund';

/** Where a call came from, for the events that its answer leads to. */
export interface Cause {
  traceparent: string | null;
  causationId: string | null;
}

const minorUnits = z.coerce.number().pipe(z.int());

const claimedCall = z
  .object({
    key: z.string(),
    payment_id: z.string(),
    kind: z.enum(['authorize', 'capture', 'void', 'refund']),
    refund_id: z.string().nullable(),
    refund_minor: minorUnits.nullable(),
    payment_token: z.string().nullable(),
    attempts: z.number(),
    traceparent: z.string().nullable(),
    causation_id: z.string().nullable(),
    created_at: z.coerce.date(),
    order_id: z.string(),
    amount_minor: minorUnits,
    currency: z.string(),
    provider_id: z.string().nullable(),
  })
  .transform((row) => ({
    key: row.key,
    paymentId: row.payment_id,
    kind: row.kind,
    refund: row.refund_id === null ? null : { id: row.refund_id, amountMinor: row.refund_minor ?? 0 },
    paymentToken: row.payment_token,
    attempts: row.attempts,
    cause: { traceparent: row.traceparent, causationId: row.causation_id } satisfies Cause,
    createdAt: row.created_at,
    orderId: row.order_id,
    amount: { amountMinor: row.amount_minor, currency: row.currency },
    providerId: row.provider_id,
  }));

/** A call that this process may make until its lease ends. */
export type ClaimedCall = z.output<typeof claimedCall>;

/** The idempotency key of a step of an order; the provider keeps it apart from every other. */
export function callKey(orderId: string, kind: CallKind, refundId?: string): string {
  return refundId === undefined ? `order:${orderId}:${kind}` : `order:${orderId}:${kind}:${refundId}`;
}

/** Plans a call for as soon as possible; one that waits already stays as it is. */
export async function planCall(
  sql: Sql,
  call: { orderId: string; paymentId: string; kind: CallKind; refundId?: string },
  cause: Cause,
  now: Date,
): Promise<void> {
  await sql.run(
    `insert into provider_call (key, payment_id, kind, refund_id, next_attempt_at, traceparent, causation_id, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $5) on conflict (key) do nothing`,
    [
      callKey(call.orderId, call.kind, call.refundId),
      call.paymentId,
      call.kind,
      call.refundId ?? null,
      now,
      cause.traceparent,
      cause.causationId,
    ],
  );
}

/** Takes up to `limit` due calls for `leaseMs`. A process that dies leaves them to be taken again after that. */
export function claimCalls(sql: Sql, limit: number, now: Date, leaseMs: number): Promise<ClaimedCall[]> {
  return sql.rows(
    claimedCall,
    `update provider_call c set attempts = c.attempts + 1, leased_until = $3
     from (select key from provider_call where next_attempt_at <= $2 and (leased_until is null or leased_until <= $2)
           order by next_attempt_at limit $1 for update skip locked) due
     join provider_call d on d.key = due.key
     join payment p on p.id = d.payment_id
     left join refund r on r.id = d.refund_id
     where c.key = due.key
     returning c.key, c.payment_id, c.kind, c.refund_id, c.payment_token, c.attempts, c.traceparent, c.causation_id, c.created_at,
               p.order_id, p.amount_minor, p.currency, p.provider_id, r.amount_minor as refund_minor`,
    [limit, now, new Date(now.getTime() + leaseMs)],
  );
}

export async function postponeCall(sql: Sql, key: string, until: Date): Promise<void> {
  await sql.run(`update provider_call set next_attempt_at = $2, leased_until = null where key = $1`, [key, until]);
}

/** The call was answered; with it goes the payment token. */
export async function finishCall(sql: Sql, key: string): Promise<void> {
  await sql.run(`delete from provider_call where key = $1`, [key]);
}

/** Takes back an authorisation or a capture that was never tried. The payment must be locked. */
export async function withdrawUntried(sql: Sql, paymentId: string): Promise<CallKind[]> {
  const withdrawn = await sql.rows(
    z.object({ kind: z.enum(['authorize', 'capture']) }),
    `delete from provider_call where payment_id = $1 and attempts = 0 and kind in ('authorize', 'capture') returning kind`,
    [paymentId],
  );
  return withdrawn.map(({ kind }) => kind);
}
