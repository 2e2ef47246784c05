import { z } from 'zod';
import type { PaymentIntent } from './payment-intent.js';
import { refusal, type Refusal } from './refusal.js';

/** One refund as the journal keeps it: minor units of the intent's currency, `created` in Unix seconds. */
export const refundRecord = z.object({
  id: z.string(),
  paymentIntentId: z.string(),
  chargeId: z.string(),
  amountMinor: z.int().positive(),
  currency: z.string(),
  reason: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  created: z.int(),
});

export type Refund = z.infer<typeof refundRecord>;

export interface RefundRequest {
  id: string;
  /** Undefined gives back everything that is left. */
  amountMinor: number | undefined;
  reason: string | null;
  metadata: Record<string, string>;
  at: number;
}

export type RefundDecision = { kind: 'refunded'; intent: PaymentIntent; refund: Refund } | Refusal;

/** Gives captured money back. Never more than was captured, over all refunds of the intent. */
export function refundIntent(intent: PaymentIntent, request: RefundRequest): RefundDecision {
  const { charge } = intent;
  if (intent.status !== 'succeeded' || charge === null) {
    return refusal('payment_intent_unexpected_state', `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`);
  }
  const leftMinor = charge.amountCapturedMinor - charge.amountRefundedMinor;
  if (leftMinor === 0) return refusal('charge_already_refunded', `Charge ${charge.id} has already been refunded.`);
  const amountMinor = request.amountMinor ?? leftMinor;
  if (amountMinor > leftMinor) {
    return refusal('amount_too_large', `Refund amount (${amountMinor}) is greater than unrefunded amount on charge (${leftMinor}).`, {
      param: 'amount',
    });
  }
  const refunded = { ...intent, charge: { ...charge, amountRefundedMinor: charge.amountRefundedMinor + amountMinor } };
  return { kind: 'refunded', intent: refunded, refund: newRefund(intent, charge.id, amountMinor, request) };
}

const newRefund = (intent: PaymentIntent, chargeId: string, amountMinor: number, request: RefundRequest): Refund => ({
  id: request.id,
  paymentIntentId: intent.id,
  chargeId,
  amountMinor,
  currency: intent.currency,
  reason: request.reason,
  metadata: request.metadata,
  created: request.at,
});
