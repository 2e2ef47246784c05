import type { Clock } from '@shop/platform/clock';
import type { Database } from '@shop/platform/database';
import type { Logger } from '@shop/platform/logger';
import type { FastifyError, FastifyInstance } from 'fastify';
import { advanceLocked } from './advance-payment.js';
import { keepEvent, lockPaymentOnce } from './payment.store.js';
import { readStripeWebhook, type WebhookNews } from './stripe-webhook.js';

export interface WebhookOptions {
  db: Database;
  clock: Clock;
  logger: Logger;
  webhookSecrets: readonly string[];
  wakeCalls(): void;
}

/** Where the provider sends its webhooks. */
export const WEBHOOK_PATH = '/webhooks/stripe';

/**
 * Takes the provider's webhooks. The signature is verified on the raw body before anything of it is read: 400 and nothing kept without a
 * valid one, 413 above 1 MB. Each event takes effect once, in one transaction with its dedupe row; what we don't know is answered 200 and
 * kept by id.
 */
export async function takeWebhooks(app: FastifyInstance, options: WebhookOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 1_000_000 }, async (_request: unknown, body: Buffer) => body);
    scope.post(WEBHOOK_PATH, async (request, reply) => {
      const signature = request.headers['stripe-signature'];
      const { body } = request;
      const webhook =
        typeof signature === 'string' && Buffer.isBuffer(body)
          ? readStripeWebhook(body, signature, options.webhookSecrets, options.clock.now())
          : null;
      if (!webhook) {
        options.logger.warn({ reason: 'signature' }, 'webhook refused');
        return reply.code(400).send({ error: 'No valid signature.' });
      }
      await applyWebhook(webhook, options);
      return reply.code(200).send({ received: true });
    });
    scope.setErrorHandler((err: FastifyError, _request, reply) => {
      const { statusCode = 500 } = err;
      if (statusCode < 500) return reply.code(statusCode).send({ error: 'This is no webhook.' });
      options.logger.error({ err }, 'webhook failed; the provider sends it again');
      return reply.code(500).send({ error: 'Try again.' });
    });
  });
}

async function applyWebhook({ eventId, type, about, news }: WebhookNews, { db, clock, logger, wakeCalls }: WebhookOptions): Promise<void> {
  const now = clock.now();
  await db.transaction(async (tx) => {
    const event = { id: eventId, type, at: now };
    if (!about || !news) return keepEvent(tx, event);
    const stored = await lockPaymentOnce(tx, about, event);
    if (stored) await advanceLocked(tx, stored, news, { now, logger, wakeCalls, cause: { traceparent: null, causationId: null } });
  });
}
