import type { FastifyInstance } from 'fastify';

export const PAYMENT_WEBHOOK = '/webhooks/stripe';

/** Hands the card provider's webhooks on to payments as they came: the signature is of the raw body. */
export async function mountPaymentWebhook(app: FastifyInstance, payments: FastifyInstance): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    scope.post<{ Body: Buffer | undefined }>(PAYMENT_WEBHOOK, async ({ body, headers }, reply) => {
      const handedOn = {
        'content-type': headers['content-type'] ?? 'application/octet-stream',
        'stripe-signature': headers['stripe-signature'] ?? '',
      };
      const answer = await payments.inject({ method: 'POST', url: PAYMENT_WEBHOOK, headers: handedOn, payload: body ?? '' });
      return reply.code(answer.statusCode).type('application/json').send(answer.body);
    });
  });
}
