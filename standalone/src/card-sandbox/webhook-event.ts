import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { apiVersion, type StripeObject } from './stripe-objects.js';

/** An event and the exact bytes that are signed and sent, each time the same. */
export const webhookEventRecord = z.object({ id: z.string(), type: z.string(), created: z.int(), rawBody: z.string() });

export type WebhookEvent = z.infer<typeof webhookEventRecord>;

export interface EventSource {
  id: string;
  /** Unix seconds. */
  created: number;
  idempotencyKey: string | null;
}

/** Wraps a snapshot of an object the way docs.stripe.com/api/events describes. */
export function webhookEvent(type: string, object: StripeObject, { id, created, idempotencyKey }: EventSource): WebhookEvent {
  const body = {
    id,
    object: 'event',
    api_version: apiVersion,
    created,
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: idempotencyKey },
    type,
  };
  return { id, type, created, rawBody: JSON.stringify(body) };
}

/** The value of `Stripe-Signature` (docs.stripe.com/webhooks, "Verify manually"); `at` in Unix seconds. */
export function signWebhook(rawBody: string, secret: string, at: number): string {
  const signature = createHmac('sha256', secret).update(`${at}.${rawBody}`).digest('hex');
  return `t=${at},v1=${signature}`;
}
