import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import Fastify, { type FastifyInstance } from 'fastify';
import { createLogger } from '@shop/platform/logger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { forwardPaths } from '../src/forwarding.js';

const echoed = z.object({
  who: z.string(),
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.unknown()),
  body: z.string(),
});

describe('a path that another process answers', () => {
  const disposables = new AsyncDisposableStack();
  let app: FastifyInstance;
  let url: string;

  /** Says what it was asked. */
  async function other(who: string): Promise<string> {
    const answer = async ({ method, url: path, headers }: IncomingMessage, body: string) =>
      JSON.stringify({ who, method, url: path, headers, body });
    const server: Server = createServer((request, response) => {
      void text(request)
        .then((body) => answer(request, body))
        .then((content) =>
          response.writeHead(203, { 'content-type': 'application/json', 'x-own': 'kept', 'keep-alive': 'timeout=9' }).end(content),
        );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    disposables.defer(() => void server.close());
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  beforeAll(async () => {
    app = disposables.adopt(Fastify(), (opened) => opened.close());
    app.post('/graphql', async () => ({ own: true }));
    const forwardings = [
      { prefix: '/webhooks/stripe', origin: await other('payments') },
      { prefix: '/gone', origin: 'http://127.0.0.1:1' },
      { prefix: '/', origin: await other('pages') },
    ];
    await forwardPaths(app, forwardings, createLogger('test', 'silent'));
    url = await app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => disposables.disposeAsync());

  it('is asked for as it came, the most exact one first', async () => {
    const page = await fetch(`${url}/track?order=1`, { headers: { accept: 'text/html', 'x-forwarded-for': '9.9.9.9' } });
    const asked = echoed.parse(await page.json());
    expect(asked).toMatchObject({ who: 'pages', method: 'GET', url: '/track?order=1', headers: { accept: 'text/html' } });
    // Who says where he comes from may lie.
    expect(asked.headers['x-forwarded-for']).toBe('127.0.0.1');
    const webhook = await fetch(`${url}/webhooks/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': 't=1' },
      body: '{ "raw":  true }',
    });
    expect(echoed.parse(await webhook.json())).toMatchObject({
      who: 'payments',
      body: '{ "raw":  true }',
      headers: { 'content-type': 'application/json', 'stripe-signature': 't=1' },
    });
  });

  it('is answered as the other one did, but for what is of the connection alone', async () => {
    const { status, headers } = await fetch(`${url}/`);
    expect([status, headers.get('x-own')]).toEqual([203, 'kept']);
    expect(headers.get('keep-alive')).not.toBe('timeout=9');
  });

  it('takes nothing away from the gateway itself', async () => {
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    expect(await answer.json()).toEqual({ own: true });
  });

  it('is 502 while nobody is there', async () => {
    const answer = await fetch(`${url}/gone/away`);
    expect(answer.status).toBe(502);
    expect(await answer.text()).toBe('This part of the shop does not answer.');
  });

  it('is read and posted to only', async () => {
    expect((await fetch(`${url}/track`, { method: 'DELETE' })).status).toBe(404);
  });
});
