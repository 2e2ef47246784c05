import type { KeptAnswer } from './idempotency.js';
import type { Ledger } from './ledger.js';
import { newId, type Outcome } from './operations.js';
import { showCharge, showIntent, showRefund, type StripeObject } from './stripe-objects.js';
import type { WebhookDelivery } from './webhook-delivery.js';
import { webhookEvent, type WebhookEvent } from './webhook-event.js';

/** What the routes of one sandbox share. */
export interface Desk {
  ledger: Ledger;
  /** Null when nobody listens: then no events are made. */
  webhooks: WebhookDelivery | null;
  publicUrl: () => string;
  clock: () => Date;
  /** How long an answer of pace `late` takes, and how long a caller waits for one that is `lost`. */
  lateAnswerMs: number;
  lostAnswerMs: number;
  /** Aborted when the server closes: whoever still waits is let go. */
  closing: AbortSignal;
}

export const unixNow = ({ clock }: Pick<Desk, 'clock'>): number => Math.floor(clock().getTime() / 1000);

/**
 * Writes a change, its events and the answer kept for the key as one, then lets the events go. A webhook is never sent for a
 * change that a crash could undo. `key` null keeps no answer.
 */
export async function carryOut(desk: Desk, outcome: Outcome, key: { key: string; fingerprint: string } | null): Promise<void> {
  const { answer, changed } = outcome;
  const at = unixNow(desk);
  const events = desk.webhooks === null || changed === null ? [] : eventsOf(desk, changed, key?.key ?? null);
  const kept: KeptAnswer | undefined = key === null || !isKept(outcome) ? undefined : { ...key, at, answer };
  if (changed === null && kept === undefined) return;
  await desk.ledger.commit({
    ...(changed === null ? {} : { intent: changed.intent }),
    ...(changed?.refund === undefined ? {} : { refunds: [changed.refund] }),
    ...(events.length === 0 ? {} : { events }),
    ...(kept === undefined ? {} : { answer: kept }),
  });
  for (const event of events) desk.webhooks?.enqueue(event);
}

/** Stripe keeps an answer only when the request passed its checks and met an object. */
const isKept = ({ answer }: Outcome): boolean => answer.kind !== 'refused' || answer.intent !== undefined;

function eventsOf(desk: Desk, changed: NonNullable<Outcome['changed']>, idempotencyKey: string | null): WebhookEvent[] {
  return changed.events.map((type) =>
    webhookEvent(type, subjectOf(type, changed, desk.publicUrl()), { id: newId('evt'), created: unixNow(desk), idempotencyKey }),
  );
}

function subjectOf(type: string, { intent, refund }: NonNullable<Outcome['changed']>, baseUrl: string): StripeObject {
  if (type.startsWith('refund.') && refund !== undefined) return showRefund(refund);
  if (type.startsWith('charge.') && intent.charge !== null) return showCharge(intent, intent.charge);
  return showIntent(intent, baseUrl);
}
