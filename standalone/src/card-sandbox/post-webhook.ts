import type { FastifyInstance } from 'fastify';
import { Agent, request } from 'undici';
import type { DeliverWebhook } from './webhook-delivery.js';

/** POSTs over kept-alive connections that end with `app`. Follows no redirect. */
export function postWebhooksTo(url: string, app: FastifyInstance): DeliverWebhook {
  const agent = new Agent({ connections: 16 });
  app.addHook('onClose', () => agent.destroy());
  return async (rawBody, headers, signal) => {
    const answer = await request(url, { method: 'POST', headers, body: rawBody, signal, dispatcher: agent });
    await answer.body.dump();
    return answer.statusCode;
  };
}
