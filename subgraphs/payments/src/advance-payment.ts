import type { Transaction } from '@shop/platform/database';
import type { Logger } from '@shop/platform/logger';
import {
  paymentActionRequired,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  paymentVoided,
} from '@shop/events/payments';
import { advance, type Advance } from './advance.js';
import { refundedMinor, type Fact, type News, type Payment } from './payment.js';
import { lockPayment, savePayment, type PaymentKey, type PaymentReference, type StoredPayment } from './payment.store.js';
import { planCall, type Cause } from './provider-call.store.js';

/** What the effects of a payment's step need besides the transaction. */
export interface PaymentEffects {
  /** Wakes whoever makes provider calls. */
  wakeCalls(): void;
  now: Date;
  cause: Cause;
  logger: Logger;
  /** The key of the provider call that the news answers. */
  answeredCall?: string;
}

/** Locks a payment and moves it on: the step, its bookings, its next calls and its events in the caller's transaction. Null: there is none. */
export async function advancePayment(tx: Transaction, key: PaymentKey, news: News, effects: PaymentEffects): Promise<Advance | null> {
  const stored = await lockPayment(tx, key);
  return stored && (await advanceLocked(tx, stored, news, effects));
}

/** The same for a payment that the caller has locked. */
export async function advanceLocked(
  tx: Transaction,
  { payment: before, reference }: StoredPayment,
  news: News,
  effects: PaymentEffects,
): Promise<Advance> {
  const step = advance(before, news);
  const { payment } = step;
  const bookings = step.kind === 'advanced' ? step.bookings : [];
  await savePayment(tx, before, payment, { bookings, answeredCall: effects.answeredCall ?? null, at: effects.now });
  if (step.kind === 'ignored') {
    const isContradiction = step.reason === 'money-was-taken' || step.reason === 'more-than-captured';
    if (isContradiction) effects.logger.error({ paymentId: payment.id, reason: step.reason }, 'provider and ledger disagree');
    return step;
  }
  for (const call of step.calls)
    await planCall(tx, { ...call, orderId: reference.orderId, paymentId: payment.id }, effects.cause, effects.now);
  if (step.calls.length > 0) tx.afterCommit(effects.wakeCalls);
  for (const fact of step.facts) emitFact(tx, fact, payment, reference, effects.cause);
  return step;
}

/** Tells others of a fact, as an event of the order. */
export function emitFact(tx: Transaction, fact: Fact, payment: Payment, reference: PaymentReference, cause: Cause): void {
  const emission = { aggregateId: reference.orderId, ...cause };
  const whose = { paymentId: payment.id, ...reference };
  const money = (amountMinor: number) => ({ amountMinor, currency: payment.amount.currency });
  switch (fact.kind) {
    case 'authorized':
      return tx.emit(paymentAuthorized, emission, { ...whose, amount: payment.amount });
    case 'action-required':
      return tx.emit(paymentActionRequired, emission, { ...whose, nextActionUrl: fact.nextActionUrl });
    case 'declined':
      return tx.emit(paymentDeclined, emission, { ...whose, declineCode: fact.code, message: fact.message });
    case 'captured':
      return tx.emit(paymentCaptured, emission, { ...whose, amount: money(payment.capturedMinor) });
    case 'voided':
      return tx.emit(paymentVoided, emission, { ...whose, reason: fact.reason });
    case 'refunded': {
      const totals = { refundedTotal: money(refundedMinor(payment)), capturedTotal: money(payment.capturedMinor) };
      return tx.emit(paymentRefunded, emission, { ...whose, ...totals, amount: money(fact.amountMinor), reason: fact.reason });
    }
    default:
      return fact satisfies never;
  }
}
