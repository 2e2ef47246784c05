import type { FastifyError, FastifyInstance } from 'fastify';
import type { Desk } from './desk.js';
import { FormBody, parseForm } from './form-body.js';
import { importedRecords, type ImportedIntent } from './imported-intent.js';
import { Ledger } from './ledger.js';
import type { PaymentIntent } from './payment-intent.js';
import { postWebhooksTo } from './post-webhook.js';
import type { Refund } from './refund.js';
import { refusal } from './refusal.js';
import { sendAnswer } from './send-answer.js';
import { registerStripeApi } from './stripe-api.js';
import { registerThreeDSecure } from './three-d-secure.js';
import { WebhookDelivery, type DeliverWebhook } from './webhook-delivery.js';
import type { WebhookEvent } from './webhook-event.js';

export interface CardSandboxOptions {
  /** Append-only file that brings everything back after a crash; null keeps it in memory only. */
  journalFile: string | null;
  /** What callers send as bearer token or basic user name. */
  secretKey: string;
  /** Where signed events go and with which secret; null makes no events. */
  webhook: { url: string; secret: string } | null;
  /** Base of the 3-D Secure page's address, without a slash at the end. Asked for every time. */
  publicUrl: () => string;
  /** Takes events instead of the HTTP POST to `webhook.url`. */
  deliver?: DeliverWebhook;
  /** Every nth event is sent twice. Default 0: never. */
  duplicateEvery?: number;
  /** How late `pm_sandbox_slow` answers; default 5,000. */
  lateAnswerMs?: number;
  /** How long `pm_sandbox_timeout` holds the connection; default 60,000. */
  lostAnswerMs?: number;
  clock?: () => Date;
}

/** What tests and demo data may see and do behind the API's back. */
export interface CardSandbox {
  /** Newest first. */
  intents(): PaymentIntent[];
  refunds(): Refund[];
  /** The newest 1,000 events of this process, oldest first. */
  events(): WebhookEvent[];
  pendingWebhooks(): number;
  /** Resolves when every event was answered 2xx. */
  settle(): Promise<void>;
  /** Sends one of `events()` once more; false when it is not known or still pending. */
  deliverAgain(eventId: string): boolean;
  /** Adds payments made elsewhere, without events; ids already known are left alone. Resolves to the number added. */
  importIntents(records: readonly ImportedIntent[]): Promise<number>;
}

/**
 * Mounts a small stand-in for Stripe on `app`: `/v1/…` and `/sandbox/3ds/…`, in a context of its own. It opens with what the journal
 * holds, sends events from `ready` on, and ends with `app.close()`. Throws when the journal is damaged other than at its end.
 */
export async function mountCardSandbox(app: FastifyInstance, options: CardSandboxOptions): Promise<CardSandbox> {
  const closing = new AbortController();
  const ledger = await Ledger.open(options.journalFile);
  const webhooks = startWebhooks(app, options, ledger);
  const { clock = systemClock, publicUrl, lateAnswerMs = 5_000, lostAnswerMs = 60_000 } = options;
  const desk: Desk = { ledger, webhooks, publicUrl, clock, lateAnswerMs, lostAnswerMs, closing: closing.signal };
  await app.register(async (scope) => {
    speakForms(scope, desk);
    registerThreeDSecure(scope, desk);
    await scope.register(async (api) => registerStripeApi(api, desk, options.secretKey));
  });
  app.addHook('onReady', async () => webhooks?.start());
  app.addHook('preClose', async () => {
    closing.abort();
    await webhooks?.[Symbol.asyncDispose]();
  });
  app.addHook('onClose', () => ledger[Symbol.asyncDispose]());
  return surface(ledger, webhooks);
}

function startWebhooks(app: FastifyInstance, options: CardSandboxOptions, ledger: Ledger): WebhookDelivery | null {
  if (options.webhook === null) return null;
  const { url, secret } = options.webhook;
  const { duplicateEvery = 0, clock = systemClock } = options;
  const deliver = options.deliver ?? postWebhooksTo(url, app);
  const onDelivered = ({ id }: WebhookEvent): Promise<void> =>
    ledger.commit({ delivered: id }).catch((error: unknown) => app.log.error({ err: error }, 'card sandbox: journal cannot be written'));
  const webhooks = new WebhookDelivery({ deliver, secret, duplicateEvery, clock, onDelivered });
  for (const event of ledger.undelivered()) webhooks.enqueue(event);
  return webhooks;
}

function speakForms(scope: FastifyInstance, desk: Desk): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 65_536 },
    async (_request: unknown, text: string) => new FormBody(text, parseForm(text)),
  );
  scope.setErrorHandler((error: FastifyError, request, reply) => {
    const { statusCode = 500 } = error;
    if (statusCode < 500) return sendAnswer(reply, refusal(null, error.message), desk);
    request.log.error({ err: error }, 'card sandbox failed');
    return reply.code(500).send({ error: { type: 'api_error', message: 'An unexpected error occurred.' } });
  });
}

const surface = (ledger: Ledger, webhooks: WebhookDelivery | null): CardSandbox => ({
  intents: () => [...ledger.intents()],
  refunds: () => ledger.refunds(),
  events: () => webhooks?.events() ?? [],
  pendingWebhooks: () => webhooks?.pending ?? 0,
  settle: async () => webhooks?.settled(),
  deliverAgain: (eventId) => webhooks?.deliverAgain(eventId) ?? false,
  importIntents: (records) => importIntents(ledger, records),
});

/** Adds payments made elsewhere, as `CardSandbox.importIntents`; in portions, so that the process stays responsive meanwhile. */
export async function importIntents(ledger: Ledger, records: readonly ImportedIntent[]): Promise<number> {
  const added = records.filter(({ id }) => ledger.intent(id) === undefined);
  for (let start = 0; start < added.length; start += 1_000) {
    await Promise.all(added.slice(start, start + 1_000).map((record) => ledger.commit(importedRecords(record))));
  }
  return added.length;
}

const systemClock = (): Date => new Date();
