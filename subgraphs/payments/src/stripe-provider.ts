import Stripe from 'stripe';
import type { CardProvider, ProviderOutcome } from './card-provider.js';
import { outcomeOfIntent, outcomeOfRefund, summaryOf } from './stripe-intent.js';

export interface StripeOptions {
  secretKey: string;
  /** Where the provider listens; null for Stripe itself. */
  apiUrl: string | null;
  /** Where the buyer's browser goes after a confirmation (3-D Secure). */
  returnUrl: string;
  /** Deadline of each call. */
  timeoutMs: number;
}

/** Stripe, or whoever speaks its protocol: payment intents with manual capture. Retries are the caller's. */
export function stripeProvider({ secretKey, apiUrl, returnUrl, timeoutMs }: StripeOptions): CardProvider {
  const stripe = new Stripe(secretKey, { ...addressOf(apiUrl), maxNetworkRetries: 0, telemetry: false, timeout: timeoutMs });
  const expand = ['latest_charge'];

  const find: CardProvider['find'] = async ({ paymentId, providerId }) => {
    if (providerId !== null) return askIntent(stripe.paymentIntents.retrieve(providerId, { expand }));
    const query = `metadata['payment_id']:'${paymentId}'`;
    const found = await stripe.paymentIntents.search({ query, limit: 1, expand: ['data.latest_charge'] }).catch(outcomeOfError);
    if ('kind' in found) return found;
    const [intent] = found.data;
    return intent ? outcomeOfIntent(intent) : null;
  };

  return {
    find,
    authorize: async ({ key, orderId, paymentId, amount, paymentToken }) => {
      const params: Stripe.PaymentIntentCreateParams = {
        amount: amount.amountMinor,
        currency: amount.currency.toLowerCase(),
        capture_method: 'manual',
        confirm: true,
        payment_method: paymentToken,
        return_url: returnUrl,
        metadata: { order_id: orderId, payment_id: paymentId },
        expand,
      };
      try {
        return outcomeOfIntent(await stripe.paymentIntents.create(params, { idempotencyKey: key }));
      } catch (error) {
        // The key was used with another request, e.g. before the return address changed: what was made then counts.
        if (error instanceof Stripe.errors.StripeIdempotencyError && error.statusCode !== 409)
          return (await find({ paymentId, providerId: null })) ?? { kind: 'unknown', reason: 'the key belongs to another request' };
        return outcomeOfError(error);
      }
    },
    capture: ({ key, providerId }) => askIntent(stripe.paymentIntents.capture(providerId, { expand }, { idempotencyKey: key })),
    void: ({ key, providerId }) => askIntent(stripe.paymentIntents.cancel(providerId, {}, { idempotencyKey: key })),
    refund: ({ key, providerId, amountMinor, orderId, paymentId, refundId }) =>
      stripe.refunds
        .create(
          { payment_intent: providerId, amount: amountMinor, metadata: { order_id: orderId, payment_id: paymentId, refund_id: refundId } },
          { idempotencyKey: key },
        )
        .then(outcomeOfRefund, refusalOf),
  };
}

const askIntent = (call: Promise<Stripe.PaymentIntent>): Promise<ProviderOutcome> => call.then(outcomeOfIntent, outcomeOfError);

/**
 * Only a 402 is the issuer's "no", and only a 400 or 404 refuses the request itself. Everything else (no answer, 5xx, 409 while the first
 * call runs, 429, a wrong key of ours) leaves open what happened.
 */
function outcomeOfError(error: unknown): ProviderOutcome {
  const refused = refusalOf(error);
  if (!(error instanceof Stripe.errors.StripeError) || refused.kind !== 'refused' || !error.payment_intent) return refused;
  // An intent that is not where the request wanted it: the answer tells where it is.
  return outcomeOfIntent(error.payment_intent);
}

function refusalOf(error: unknown): ProviderOutcome {
  if (!(error instanceof Stripe.errors.StripeError)) return { kind: 'unknown', reason: String(error) };
  const { statusCode, code = error.type, message } = error;
  if (statusCode === 402) {
    const providerId = error.payment_intent?.id ?? null;
    return { kind: 'declined', providerId, code: error.decline_code ?? code, message, method: summaryOf(error.payment_method?.card) };
  }
  if ((statusCode === 400 || statusCode === 404) && !(error instanceof Stripe.errors.StripeIdempotencyError)) {
    const isUnknownCard = code === 'resource_missing' && error.param === 'payment_method';
    return { kind: 'refused', code: isUnknownCard ? 'invalid_payment_method' : code, message };
  }
  return { kind: 'unknown', reason: `${error.type} ${statusCode ?? ''}`.trim() };
}

function addressOf(apiUrl: string | null): { host?: string; port?: number; protocol?: 'http' | 'https' } {
  if (apiUrl === null) return {};
  const { hostname, port, protocol } = new URL(apiUrl);
  const isPlain = protocol === 'http:';
  return { host: hostname, port: Number(port) || (isPlain ? 80 : 443), protocol: isPlain ? 'http' : 'https' };
}
