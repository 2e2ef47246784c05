import { z } from 'zod';
import { refusal, type Refusal } from './refusal.js';
import type { TestCard } from './test-cards.js';

const unixSeconds = z.int();
const minorUnits = z.int().nonnegative();

const cardError = z.object({ code: z.string(), declineCode: z.string().nullable(), message: z.string() });

const charge = z.object({
  id: z.string(),
  status: z.enum(['succeeded', 'failed']),
  paymentMethod: z.string(),
  amountMinor: minorUnits,
  amountCapturedMinor: minorUnits,
  amountRefundedMinor: minorUnits,
  created: unixSeconds,
});

/** One payment as the journal keeps it. Amounts in minor units of `currency` (lower-case ISO 4217). Never changed in place. */
export const paymentIntentRecord = z.object({
  id: z.string(),
  clientSecret: z.string(),
  status: z.enum(['requires_payment_method', 'requires_confirmation', 'requires_action', 'requires_capture', 'succeeded', 'canceled']),
  amountMinor: minorUnits,
  currency: z.string(),
  captureMethod: z.enum(['manual', 'automatic']),
  paymentMethod: z.string().nullable(),
  returnUrl: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  created: unixSeconds,
  canceledAt: unixSeconds.nullable(),
  cancellationReason: z.string().nullable(),
  lastError: cardError.nullable(),
  charge: charge.nullable(),
});

export type CardError = z.infer<typeof cardError>;
export type Charge = z.infer<typeof charge>;
export type PaymentIntent = z.infer<typeof paymentIntentRecord>;

export type IntentEvent =
  | 'payment_intent.amount_capturable_updated'
  | 'payment_intent.requires_action'
  | 'payment_intent.payment_failed'
  | 'payment_intent.canceled'
  | 'payment_intent.succeeded';

/** `declined` also changes the intent: it waits for another payment method and remembers the issuer's reason. */
export type Decision =
  | { kind: 'changed'; intent: PaymentIntent; event: IntentEvent }
  | { kind: 'declined'; intent: PaymentIntent; error: CardError; event: 'payment_intent.payment_failed' }
  | Refusal;

/** The id and time (Unix seconds) of a charge that a decision may make. */
export interface ChargeStamp {
  chargeId: string;
  at: number;
}

const authenticationFailed: CardError = {
  code: 'payment_intent_authentication_failure',
  declineCode: null,
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
};

/** Charges the intent with a card: authorised, captured (automatic capture), declined, or waiting for the buyer. */
export function confirmIntent(intent: PaymentIntent, paymentMethod: string, card: TestCard, stamp: ChargeStamp): Decision {
  if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_confirmation') return unexpectedState('confirm', intent);
  const confirmed = { ...intent, paymentMethod, lastError: null };
  const { verdict } = card;
  switch (verdict.kind) {
    case 'approve':
      return authorize(confirmed, paymentMethod, stamp);
    case 'challenge':
      return { kind: 'changed', intent: { ...confirmed, status: 'requires_action' }, event: 'payment_intent.requires_action' };
    case 'decline': {
      const failed: Charge = { ...newCharge(confirmed, paymentMethod, stamp), status: 'failed' };
      const { code, declineCode, message } = verdict;
      return fail({ ...confirmed, charge: failed }, { code, declineCode, message });
    }
    default:
      return verdict satisfies never;
  }
}

/** The buyer's answer on the 3-D Secure page. Refused when the intent no longer waits for one. */
export function authenticateIntent(intent: PaymentIntent, outcome: 'approve' | 'refuse', stamp: ChargeStamp): Decision {
  if (intent.status !== 'requires_action' || intent.paymentMethod === null) return unexpectedState('authenticate', intent);
  return outcome === 'approve' ? authorize(intent, intent.paymentMethod, stamp) : fail(intent, authenticationFailed);
}

/** Takes the whole authorised amount or a part of it; the rest is released, so that a second capture is refused. */
export function captureIntent(intent: PaymentIntent, amountMinor: number = intent.amountMinor): Decision {
  if (intent.status !== 'requires_capture' || intent.charge === null) return unexpectedState('capture', intent);
  if (amountMinor > intent.charge.amountMinor) {
    return refusal(
      'amount_too_large',
      `The amount to capture (${amountMinor}) is greater than the capturable amount (${intent.charge.amountMinor}).`,
    );
  }
  const captured: Charge = { ...intent.charge, amountCapturedMinor: amountMinor };
  return { kind: 'changed', intent: { ...intent, status: 'succeeded', charge: captured }, event: 'payment_intent.succeeded' };
}

/** Ends an intent that has taken no money; an authorisation is released. `at` in Unix seconds. */
export function cancelIntent(intent: PaymentIntent, reason: string | null, at: number): Decision {
  if (intent.status === 'succeeded' || intent.status === 'canceled') return unexpectedState('cancel', intent);
  const canceled: PaymentIntent = { ...intent, status: 'canceled', canceledAt: at, cancellationReason: reason };
  return { kind: 'changed', intent: canceled, event: 'payment_intent.canceled' };
}

function authorize(intent: PaymentIntent, paymentMethod: string, stamp: ChargeStamp): Decision {
  const charged: PaymentIntent = { ...intent, status: 'requires_capture', charge: newCharge(intent, paymentMethod, stamp) };
  if (intent.captureMethod === 'automatic') return captureIntent(charged);
  return { kind: 'changed', intent: charged, event: 'payment_intent.amount_capturable_updated' };
}

function fail(intent: PaymentIntent, error: CardError): Decision {
  const failed: PaymentIntent = { ...intent, status: 'requires_payment_method', paymentMethod: null, lastError: error };
  return { kind: 'declined', intent: failed, error, event: 'payment_intent.payment_failed' };
}

const newCharge = ({ amountMinor }: PaymentIntent, paymentMethod: string, { chargeId, at }: ChargeStamp): Charge => ({
  id: chargeId,
  status: 'succeeded',
  paymentMethod,
  amountMinor,
  amountCapturedMinor: 0,
  amountRefundedMinor: 0,
  created: at,
});

const unexpectedState = (verb: string, { status }: PaymentIntent): Refusal =>
  refusal('payment_intent_unexpected_state', `You cannot ${verb} this PaymentIntent because it has a status of ${status}.`);
