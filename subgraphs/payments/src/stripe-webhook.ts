import { isUuid } from '@shop/platform/ids';
import Stripe from 'stripe';
import type { ProviderNews } from './payment.js';
import type { PaymentKey } from './payment.store.js';
import { newsOfOutcome } from './provider-news.js';
import { outcomeOfIntent, outcomeOfRefund } from './stripe-intent.js';

/** What one webhook says of which payment; `news` null for what does not concern us. */
export interface WebhookNews {
  eventId: string;
  type: string;
  about: PaymentKey | null;
  news: ProviderNews | null;
}

/** Signed more than this long ago (docs.stripe.com/webhooks, "replay attacks"). */
const TOLERANCE_SECONDS = 300;

/** Verifies the signature on the raw body with each of `secrets`, then reads it. Null when none fits or it is too old. */
export function readStripeWebhook(rawBody: Buffer, signature: string, secrets: readonly string[], now: Date): WebhookNews | null {
  const event = verified(rawBody, signature, secrets, now);
  return event && { eventId: event.id, type: event.type, ...newsOf(event) };
}

function verified(rawBody: Buffer, signature: string, secrets: readonly string[], now: Date): Stripe.Event | null {
  for (const secret of secrets) {
    try {
      return Stripe.webhooks.constructEvent(rawBody, signature, secret, TOLERANCE_SECONDS, undefined, now.getTime());
    } catch {
      // Another secret may fit while secrets are rotated.
    }
  }
  return null;
}

const nothing = { about: null, news: null };

function newsOf(event: Stripe.Event): Pick<WebhookNews, 'about' | 'news'> {
  switch (event.type) {
    case 'payment_intent.amount_capturable_updated':
    case 'payment_intent.requires_action':
    case 'payment_intent.payment_failed':
    case 'payment_intent.succeeded':
    case 'payment_intent.canceled': {
      const intent = event.data.object;
      const paymentId = intent.metadata['payment_id'];
      const about = paymentId !== undefined && isUuid(paymentId) ? { id: paymentId } : { providerId: intent.id };
      return { about, news: newsOfOutcome(outcomeOfIntent(intent), null) };
    }
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed': {
      const refund = event.data.object;
      const intentId = typeof refund.payment_intent === 'string' ? refund.payment_intent : refund.payment_intent?.id;
      if (intentId === undefined) return nothing;
      return { about: { providerId: intentId }, news: newsOfOutcome(outcomeOfRefund(refund), refund.metadata?.['refund_id'] ?? null) };
    }
    default:
      return nothing;
  }
}
