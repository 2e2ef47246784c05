import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Agent } from 'undici';
import type { Logger } from '@shop/platform/logger';
import type { Forwarding } from './process-config.js';

/** Of one connection, not of the message (RFC 9110, section 7.6.1); and what is set anew for the next hop. */
const notHandedOn = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'expect',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]);

/**
 * Hands paths on that other processes of ours answer (pages, the card provider's webhooks), body and answer as they come, so that people
 * need one address only. 502 when the other one cannot be reached. The longest prefix wins.
 */
export async function forwardPaths(app: FastifyInstance, forwardings: readonly Forwarding[], logger: Logger): Promise<void> {
  if (forwardings.length === 0) return;
  const agent = new Agent({ connections: 32, connect: { timeout: 1_000 }, headersTimeout: 30_000, bodyTimeout: 120_000 });
  app.addHook('onClose', () => agent.destroy());
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_, payload, done) => done(null, payload));
    for (const { prefix, origin } of forwardings) {
      const handOn = (request: FastifyRequest, reply: FastifyReply) => forward(request, reply, origin, agent, logger);
      const options = { method: ['GET', 'POST'], bodyLimit: Number.MAX_SAFE_INTEGER, handler: handOn };
      if (prefix !== '/') scope.route({ ...options, url: prefix });
      scope.route({ ...options, url: prefix === '/' ? '/*' : `${prefix}/*` });
    }
  });
}

async function forward(
  { method, url, headers, body, ip, host, protocol }: FastifyRequest,
  reply: FastifyReply,
  origin: string,
  agent: Agent,
  logger: Logger,
): Promise<FastifyReply> {
  const left = new AbortController();
  reply.raw.once('close', () => left.abort());
  try {
    const answer = await agent.request({
      origin,
      path: url,
      method: method === 'POST' ? 'POST' : method === 'HEAD' ? 'HEAD' : 'GET',
      headers: { ...handedOn(headers), 'x-forwarded-for': ip, 'x-forwarded-host': host, 'x-forwarded-proto': protocol },
      body: body instanceof Readable ? body : null,
      signal: left.signal,
    });
    return await reply.code(answer.statusCode).headers(handedOn(answer.headers)).send(answer.body);
  } catch (err) {
    if (!left.signal.aborted) logger.warn({ err, url: origin }, 'cannot be handed on');
    return reply.code(502).type('text/plain; charset=utf-8').send('This part of the shop does not answer.');
  }
}

type Headers = Record<string, string | string[] | undefined>;

function handedOn(headers: Headers): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined || notHandedOn.has(name) ? [] : [[name, value]])),
  );
}
