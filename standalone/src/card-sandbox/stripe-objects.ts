import type { CardError, Charge, PaymentIntent } from './payment-intent.js';
import type { Refund } from './refund.js';
import { cardExpiry, findTestCard } from './test-cards.js';

/** An object as it goes over the wire. Field names, here and below: docs.stripe.com/api. */
export type StripeObject = Record<string, unknown>;

export const apiVersion = '2026-10-28.endive';

/** `expand` knows `latest_charge`; every other path is ignored. */
export function showIntent(intent: PaymentIntent, baseUrl: string, expand: ReadonlySet<string> = new Set()): StripeObject {
  const { charge } = intent;
  return {
    id: intent.id,
    object: 'payment_intent',
    amount: intent.amountMinor,
    amount_capturable: intent.status === 'requires_capture' ? intent.amountMinor : 0,
    amount_received: charge?.amountCapturedMinor ?? 0,
    automatic_payment_methods: null,
    canceled_at: intent.canceledAt,
    cancellation_reason: intent.cancellationReason,
    capture_method: intent.captureMethod,
    client_secret: intent.clientSecret,
    confirmation_method: 'automatic',
    created: intent.created,
    currency: intent.currency,
    customer: null,
    description: null,
    last_payment_error: intent.lastError === null ? null : showCardError(intent.lastError, charge),
    latest_charge: charge !== null && expand.has('latest_charge') ? showCharge(intent, charge) : (charge?.id ?? null),
    livemode: false,
    metadata: intent.metadata,
    next_action: intent.status === 'requires_action' ? redirectTo(intent, baseUrl) : null,
    payment_method: intent.paymentMethod,
    payment_method_options: {},
    payment_method_types: ['card'],
    processing: null,
    receipt_email: null,
    setup_future_usage: null,
    shipping: null,
    status: intent.status,
  };
}

export function showCharge(intent: PaymentIntent, charge: Charge): StripeObject {
  const failure = charge.status === 'failed' ? intent.lastError : null;
  return {
    id: charge.id,
    object: 'charge',
    amount: charge.amountMinor,
    amount_captured: charge.amountCapturedMinor,
    amount_refunded: charge.amountRefundedMinor,
    billing_details: { address: null, email: null, name: null, phone: null },
    captured: charge.amountCapturedMinor > 0,
    created: charge.created,
    currency: intent.currency,
    customer: null,
    disputed: false,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    livemode: false,
    metadata: intent.metadata,
    paid: charge.status === 'succeeded',
    payment_intent: intent.id,
    payment_method: charge.paymentMethod,
    payment_method_details: { type: 'card', card: cardDetails(charge) },
    refunded: charge.amountCapturedMinor > 0 && charge.amountRefundedMinor === charge.amountCapturedMinor,
    status: charge.status,
  };
}

export const showRefund = (refund: Refund): StripeObject => ({
  id: refund.id,
  object: 'refund',
  amount: refund.amountMinor,
  charge: refund.chargeId,
  created: refund.created,
  currency: refund.currency,
  metadata: refund.metadata,
  payment_intent: refund.paymentIntentId,
  reason: refund.reason,
  status: 'succeeded',
});

export const showCardError = ({ code, declineCode, message }: CardError, charge: Charge | null): StripeObject => ({
  type: code === 'payment_intent_authentication_failure' ? 'invalid_request_error' : 'card_error',
  code,
  ...(declineCode === null ? {} : { decline_code: declineCode }),
  message,
  ...(charge === null ? {} : { charge: charge.id, payment_method: showCardMethod(charge) }),
});

const showCardMethod = (charge: Charge): StripeObject => ({
  id: charge.paymentMethod,
  object: 'payment_method',
  card: cardDetails(charge),
  livemode: false,
  type: 'card',
});

export const showList = (url: string, data: readonly StripeObject[], hasMore: boolean): StripeObject => ({
  object: 'list',
  url,
  has_more: hasMore,
  data,
});

const redirectTo = ({ id, returnUrl }: PaymentIntent, baseUrl: string): StripeObject => ({
  type: 'redirect_to_url',
  redirect_to_url: { url: `${baseUrl}/sandbox/3ds/${id}`, return_url: returnUrl },
});

function cardDetails({ paymentMethod }: Charge): StripeObject {
  const card = findTestCard(paymentMethod);
  return {
    brand: card?.brand ?? 'unknown',
    country: 'US',
    exp_month: cardExpiry.month,
    exp_year: cardExpiry.year,
    funding: 'credit',
    last4: card?.last4 ?? '0000',
    network: card?.brand ?? 'unknown',
  };
}
