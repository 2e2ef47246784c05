import type Stripe from 'stripe';
import type { ProviderOutcome } from './card-provider.js';
import type { CardSummary } from './payment.js';

/** What the state of a payment intent says of the payment (docs.stripe.com/payments/paymentintents/lifecycle). */
export function outcomeOfIntent(intent: Stripe.PaymentIntent): ProviderOutcome {
  const providerId = intent.id;
  const method = cardOf(intent);
  switch (intent.status) {
    case 'requires_capture':
      return { kind: 'authorized', providerId, method };
    case 'succeeded':
      return { kind: 'captured', providerId, amountMinor: intent.amount_received, method };
    case 'canceled':
      return { kind: 'voided', providerId };
    case 'requires_action': {
      const nextActionUrl = intent.next_action?.redirect_to_url?.url;
      return nextActionUrl
        ? { kind: 'action-required', providerId, nextActionUrl }
        : { kind: 'unknown', reason: 'an action is required, but no page is named' };
    }
    case 'requires_payment_method': {
      const error = intent.last_payment_error;
      const code = error?.decline_code ?? error?.code ?? 'declined';
      return { kind: 'declined', providerId, code, message: error?.message ?? 'The card was declined.', method };
    }
    default:
      return { kind: 'unknown', reason: `the intent is ${intent.status}` };
  }
}

/** `pending` counts as given back: for cards it only means that the bank has not booked it yet. */
export function outcomeOfRefund(refund: Stripe.Refund): ProviderOutcome {
  if (refund.status === 'succeeded' || refund.status === 'pending')
    return { kind: 'refunded', providerRefundId: refund.id, amountMinor: refund.amount };
  if (refund.status === 'failed' || refund.status === 'canceled')
    return { kind: 'refused', code: refund.failure_reason ?? refund.status, message: 'The refund was refused.' };
  return { kind: 'unknown', reason: `the refund is ${refund.status}` };
}

function cardOf(intent: Stripe.PaymentIntent): CardSummary | null {
  const charge = intent.latest_charge;
  return summaryOf(
    typeof charge === 'object' && charge ? charge.payment_method_details?.card : intent.last_payment_error?.payment_method?.card,
  );
}

interface ToldCard {
  brand: string | null;
  last4: string | null;
  exp_month: number | null;
  exp_year: number | null;
}

/** Null when brand or digits are not told. */
export function summaryOf(card: Partial<ToldCard> | null | undefined): CardSummary | null {
  if (!card?.brand || !card.last4) return null;
  return { brand: card.brand, last4: card.last4, expiryMonth: card.exp_month ?? null, expiryYear: card.exp_year ?? null };
}
