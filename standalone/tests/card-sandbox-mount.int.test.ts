import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { mountCardSandbox } from '../src/card-sandbox/card-sandbox.js';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const basic = `Basic ${Buffer.from('sk_test:').toString('base64')}`;

async function host(deliver: (rawBody: string) => Promise<number> = async () => 200) {
  const app = Fastify();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, async (_request: unknown, body: string) => ({
    host: body,
  }));
  app.post('/echo', async (request) => request.body);
  const webhook = { url: 'http://127.0.0.1:9/unused', secret: 'whsec' };
  const sandbox = await mountCardSandbox(app, {
    journalFile: null,
    secretKey: 'sk_test',
    webhook,
    publicUrl: () => 'http://shop.test',
    deliver,
  });
  await app.ready();
  return { app, sandbox, [Symbol.asyncDispose]: () => app.close() };
}

test('mounted on a server it leaves the host its own parsers and errors', async () => {
  await using mounted = await host();
  expect((await mounted.app.inject({ method: 'POST', url: '/echo', headers: form, payload: 'a=1' })).json()).toEqual({ host: 'a=1' });
  expect((await mounted.app.inject({ method: 'POST', url: '/echo', payload: { a: 1 } })).json()).toEqual({ a: 1 });
  expect((await mounted.app.inject('/nowhere')).json()).toMatchObject({ error: 'Not Found' });
});

test('it answers in the shape of Stripe, also to basic authentication and to mistakes', async () => {
  await using mounted = await host();
  const headers = { ...form, authorization: basic };
  const url = '/v1/payment_intents';
  const made = await mounted.app.inject({ method: 'POST', url, headers, payload: 'amount=100&currency=EUR' });
  expect(made.json()).toMatchObject({ object: 'payment_intent', status: 'requires_payment_method', currency: 'eur' });
  const missing = await mounted.app.inject({ method: 'POST', url, headers, payload: 'amount=100' });
  expect([missing.statusCode, missing.json()]).toMatchObject([
    400,
    { error: { type: 'invalid_request_error', code: 'parameter_missing', param: 'currency' } },
  ]);
  expect((await mounted.app.inject({ method: 'POST', url, headers, payload: 'a[__proto__]=1' })).statusCode).toBe(400);
  const json = await mounted.app.inject({ method: 'POST', url, headers: { authorization: basic }, payload: { amount: 1 } });
  expect([json.statusCode >= 400, json.json().error.type]).toEqual([true, 'invalid_request_error']);
  expect((await mounted.app.inject({ url: '/v1/customers', headers: { authorization: basic } })).statusCode).toBe(404);
  expect((await mounted.app.inject(url)).statusCode).toBe(401);
});

test('events go to the function that the host gives, again after it failed', async () => {
  const bodies: string[] = [];
  await using mounted = await host(async (rawBody) => {
    bodies.push(rawBody);
    if (bodies.length === 1) throw new Error('not yet');
    return 204;
  });
  const payload = 'amount=100&currency=EUR&confirm=true&payment_method=pm_card_visa&capture_method=manual';
  await mounted.app.inject({ method: 'POST', url: '/v1/payment_intents', headers: { ...form, authorization: basic }, payload });
  await mounted.sandbox.settle();
  expect(bodies).toHaveLength(2);
  expect(bodies[1]).toBe(bodies[0]);
});

test('the 3-D Secure page without a way back shows the result', async () => {
  await using mounted = await host();
  const payload = 'amount=100&currency=EUR&confirm=true&payment_method=pm_card_threeDSecure2Required';
  const made = await mounted.app.inject({
    method: 'POST',
    url: '/v1/payment_intents',
    headers: { ...form, authorization: basic },
    payload,
  });
  const url: string = made.json().next_action.redirect_to_url.url;
  const answer = await mounted.app.inject({ method: 'POST', url, headers: form, payload: 'outcome=approve' });
  expect([answer.statusCode, answer.body]).toEqual([200, expect.stringContaining('The payment is approved')]);
  expect((await mounted.app.inject({ method: 'POST', url, headers: form, payload: 'outcome=other' })).statusCode).toBe(400);
  expect((await mounted.app.inject('/sandbox/3ds/pi_nobody')).statusCode).toBe(404);
});
