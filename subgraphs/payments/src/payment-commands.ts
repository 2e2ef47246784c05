import type { authorizePayment, capturePayment, voidPayment } from '@shop/events/payments';
import type { Transaction } from '@shop/platform/database';
import type { EventContract, ReceivedEvent } from '@shop/platform/event';
import { newId } from '@shop/platform/ids';
import { z } from 'zod';
import { advanceLocked, advancePayment, emitFact, type PaymentEffects } from './advance-payment.js';
import type { PaymentsServices } from './context.js';
import { checkPaymentToken } from './payment-token.js';
import { lockPayment, type StoredPayment } from './payment.store.js';
import { callKey, withdrawUntried } from './provider-call.store.js';

type Command<C> = C extends EventContract<infer T> ? ReceivedEvent<T> : never;
type Authorize = Command<typeof authorizePayment>;

const paymentIdRow = z.object({ id: z.string() });

/** Creates the order's payment and plans the call that authorises it. An order that has a payment, or was called off, gets no second one. */
export async function authorize(command: Authorize, tx: Transaction, services: PaymentsServices): Promise<void> {
  const { data } = command;
  const verdict = checkPaymentToken(data.paymentToken);
  const effects = effectsOf(command, services);
  const paymentId = newId();
  if (await createPayment(tx, paymentId, command, verdict === 'usable', effects)) {
    if (verdict === 'usable') return tx.afterCommit(services.wakeCalls);
    const code = verdict === 'card-number' ? 'card_number_refused' : 'invalid_payment_method';
    await advancePayment(tx, { id: paymentId }, { kind: 'failed', code, message: 'This is no payment token of the provider.' }, effects);
    return;
  }
  const stored = await lockPayment(tx, { orderId: data.orderId });
  if (stored?.isTombstone) await refuseCalledOff(tx, stored, command, effects);
}

/** One statement for both rows: this is on the way of every checkout. False when the order has a payment already. */
async function createPayment(
  tx: Transaction,
  paymentId: string,
  { data }: Authorize,
  isSendable: boolean,
  { now, cause }: PaymentEffects,
): Promise<boolean> {
  const planned = await tx.rows(
    paymentIdRow,
    `with made as (
       insert into payment (id, order_id, order_number, customer_id, email, locale, status, amount_minor, currency, created_at)
       values ($1, $2, $3, $4, $5, $6, 'CREATED', $7, $8, $9) on conflict (order_id) do nothing returning id
     ), planned as (
       insert into provider_call (key, payment_id, kind, payment_token, next_attempt_at, traceparent, causation_id, created_at)
       select $10, made.id, 'authorize', $11, $9, $12, $13, $9 from made where $14
     )
     select id from made`,
    [
      paymentId,
      data.orderId,
      data.orderNumber,
      data.customerId,
      data.email,
      data.locale,
      data.amount.amountMinor,
      data.amount.currency,
      now,
      callKey(data.orderId, 'authorize'),
      isSendable ? data.paymentToken : null,
      cause.traceparent,
      cause.causationId,
      isSendable,
    ],
  );
  return planned.length === 1;
}

/** The void came first: now it is known whose payment it would have been. Nothing is charged. */
async function refuseCalledOff(tx: Transaction, { payment }: StoredPayment, { data }: Authorize, { cause }: PaymentEffects): Promise<void> {
  const { paymentToken: _, amount, ...reference } = data;
  await tx.run(
    `update payment set order_number = $2, customer_id = $3, email = $4, locale = $5, amount_minor = $6, currency = $7, is_tombstone = false where id = $1`,
    [payment.id, data.orderNumber, data.customerId, data.email, data.locale, amount.amountMinor, amount.currency],
  );
  emitFact(tx, { kind: 'voided', reason: payment.voidReason ?? 'called off' }, payment, reference, cause);
}

/** Plans the capture of what is authorised. Anything else changes nothing. */
export async function capture(command: Command<typeof capturePayment>, tx: Transaction, services: PaymentsServices): Promise<void> {
  await advancePayment(tx, { orderId: command.data.orderId }, { kind: 'capture-requested' }, effectsOf(command, services));
}

/** Undoes the payment of an order as far as it got; leaves a tombstone when there is none yet. */
export async function voidOrderPayment(command: Command<typeof voidPayment>, tx: Transaction, services: PaymentsServices): Promise<void> {
  const { orderId, reason } = command.data;
  const effects = effectsOf(command, services);
  const isNew = await layTombstone(tx, orderId, reason, effects.now);
  const stored = await lockPayment(tx, { orderId });
  if (!stored) throw new Error(`Order ${orderId} has neither a payment nor a tombstone.`);
  if (isNew) return emitFact(tx, { kind: 'voided', reason }, stored.payment, stored.reference, effects.cause);
  const withdrawn = await withdrawUntried(tx, stored.payment.id);
  await advanceLocked(tx, stored, { kind: 'void-requested', reason, isUnsent: withdrawn.includes('authorize') }, effects);
}

/** XXX is ISO 4217's code for "no currency". */
async function layTombstone(tx: Transaction, orderId: string, reason: string, now: Date): Promise<boolean> {
  const laid = await tx.run(
    `insert into payment (id, order_id, order_number, email, locale, status, amount_minor, currency, is_tombstone, void_reason, created_at)
     values ($1, $2, '', '', 'en', 'VOIDED', 0, 'XXX', true, $3, $4) on conflict (order_id) do nothing`,
    [newId(), orderId, reason, now],
  );
  return laid === 1;
}

function effectsOf({ id, traceparent }: ReceivedEvent<unknown>, { clock, wakeCalls, logger }: PaymentsServices): PaymentEffects {
  return { now: clock.now(), wakeCalls, logger, cause: { traceparent, causationId: id } };
}
