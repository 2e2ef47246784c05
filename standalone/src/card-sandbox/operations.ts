import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { Answer } from './answer.js';
import type { Ledger } from './ledger.js';
import { cancelIntent, captureIntent, confirmIntent, type Decision, type PaymentIntent } from './payment-intent.js';
import { refundIntent, type Refund } from './refund.js';
import { noSuch, refusal, type Refusal } from './refusal.js';
import type { params } from './request-params.js';
import { findTestCard, type AnswerPace } from './test-cards.js';

/** What a request leads to. `changed` is empty and nothing is kept for the idempotency key when the request never got that far. */
export interface Outcome {
  answer: Answer;
  changed: { intent: PaymentIntent; refund?: Refund; events: readonly string[] } | null;
  pace: AnswerPace;
}

type Params<K extends keyof typeof params> = z.infer<(typeof params)[K]>;

/** A new intent, charged at once with `confirm`. `at` in Unix seconds, here and below. */
export function createPaymentIntent(given: Params<'create'>, at: number): Outcome {
  const { payment_method: paymentMethod } = given;
  if (paymentMethod !== undefined && findTestCard(paymentMethod) === undefined) return refuse(noSuchCard(paymentMethod));
  const intent = newIntent(given, at);
  if (given.confirm) return confirmPaymentIntent(intent, {}, at);
  return { answer: { kind: 'intent', intent }, changed: { intent, events: [] }, pace: 'at-once' };
}

/** Charges with the payment method given now, or else with the one given before. */
export function confirmPaymentIntent(intent: PaymentIntent, given: Partial<Params<'confirm'>>, at: number): Outcome {
  const paymentMethod = given.payment_method ?? intent.paymentMethod;
  if (paymentMethod === null) return refuse(withoutCard);
  const card = findTestCard(paymentMethod);
  if (card === undefined) return refuse(noSuchCard(paymentMethod));
  const confirmed = { ...intent, returnUrl: given.return_url ?? intent.returnUrl };
  return outcomeOf(intent, confirmIntent(confirmed, paymentMethod, card, { chargeId: newId('ch'), at }), card.pace);
}

export const capturePaymentIntent = (intent: PaymentIntent, given: Params<'capture'>): Outcome =>
  outcomeOf(intent, captureIntent(intent, given.amount_to_capture));

export const cancelPaymentIntent = (intent: PaymentIntent, given: Params<'cancel'>, at: number): Outcome =>
  outcomeOf(intent, cancelIntent(intent, given.cancellation_reason ?? null, at));

export function createRefund(ledger: Ledger, given: Params<'refund'>, at: number): Outcome {
  const intent = refundedIntent(ledger, given);
  if ('kind' in intent) return refuse(intent);
  const { amount: amountMinor, metadata, reason = null } = given;
  const decision = refundIntent(intent, { id: newId('re'), amountMinor, metadata, reason, at });
  if (decision.kind === 'refused') return refuse(decision, intent);
  const { refund } = decision;
  const changed = { intent: decision.intent, refund, events: ['charge.refunded', 'refund.created'] };
  return { answer: { kind: 'refund', refund }, changed, pace: 'at-once' };
}

/** A refusal as an outcome; with the intent it concerns it is remembered for the idempotency key, without it is not. */
export const refuse = (reason: Refusal, intent?: PaymentIntent): Outcome => ({
  answer: { ...reason, ...(intent === undefined ? {} : { intent }) },
  changed: null,
  pace: 'at-once',
});

/** Ids in Stripe's shape: a prefix and 24 letters and digits that nobody can guess. */
export const newId = (prefix: string): string => `${prefix}_${randomBytes(18).toString('base64url').replace(/[-_]/g, 'x')}`;

function outcomeOf(before: PaymentIntent, decision: Decision, pace: AnswerPace = 'at-once'): Outcome {
  switch (decision.kind) {
    case 'changed':
      return { answer: { kind: 'intent', intent: decision.intent }, changed: { intent: decision.intent, events: [decision.event] }, pace };
    case 'declined':
      return {
        answer: { kind: 'declined', intent: decision.intent },
        changed: { intent: decision.intent, events: [decision.event] },
        pace,
      };
    case 'refused':
      return refuse(decision, before);
    default:
      return decision satisfies never;
  }
}

function newIntent(given: Params<'create'>, at: number): PaymentIntent {
  const id = newId('pi');
  return {
    id,
    clientSecret: newId(`${id}_secret`),
    status: given.payment_method === undefined ? 'requires_payment_method' : 'requires_confirmation',
    amountMinor: given.amount,
    currency: given.currency,
    captureMethod: given.capture_method === 'manual' ? 'manual' : 'automatic',
    paymentMethod: given.payment_method ?? null,
    returnUrl: given.return_url ?? null,
    metadata: given.metadata,
    created: at,
    canceledAt: null,
    cancellationReason: null,
    lastError: null,
    charge: null,
  };
}

function refundedIntent(ledger: Ledger, { payment_intent: intentId, charge: chargeId }: Params<'refund'>): PaymentIntent | Refusal {
  if (intentId !== undefined) return ledger.intent(intentId) ?? noSuch('payment_intent', intentId, 'payment_intent', 400);
  if (chargeId !== undefined) return ledger.intentOfCharge(chargeId) ?? noSuch('charge', chargeId, 'charge', 400);
  return refusal('parameter_missing', 'One of the following params should be provided for this request: payment_intent or charge.');
}

const noSuchCard = (id: string): Refusal => noSuch('PaymentMethod', id, 'payment_method', 400);

const withoutCard = refusal(
  'payment_intent_unexpected_state',
  "You cannot confirm this PaymentIntent because it's missing a payment method. Provide one with payment_method.",
  { param: 'payment_method' },
);
