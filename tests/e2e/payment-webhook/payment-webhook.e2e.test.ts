import Stripe from 'stripe';
import { request } from 'undici';
import { afterAll, expect, it } from 'vitest';
import { startTestShop } from '../../kit/shop.js';

const shop = await startTestShop();
afterAll(() => shop[Symbol.asyncDispose]());

const payload = JSON.stringify({
  id: 'evt_1',
  object: 'event',
  type: 'customer.created',
  data: { object: { id: 'cus_1', object: 'customer' } },
});
const stripe = new Stripe('sk_test_unused');

async function deliver(secret: string, body = payload): Promise<number> {
  const signature = await stripe.webhooks.generateTestHeaderStringAsync({ payload, secret });
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
  return (await request(`${shop.url}/webhooks/stripe`, { method: 'POST', headers, body })).statusCode;
}

it('takes a webhook at the public address when the provider has signed it as it came, and no other', async () => {
  expect(await deliver(shop.secrets.cardWebhook)).toBe(200);
  expect(await deliver('whsec_of_somebody_else')).toBe(400);
  expect(await deliver(shop.secrets.cardWebhook, payload.replace('cus_1', 'cus_2'))).toBe(400);
});

it('refuses what nobody has signed, and what is empty', async () => {
  const unsigned = { method: 'POST', headers: { 'content-type': 'application/json' } };
  for (const body of [payload, '']) {
    const answer = await fetch(`${shop.url}/webhooks/stripe`, { ...unsigned, body });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('No valid signature.');
  }
  expect((await fetch(`${shop.url}/webhooks/stripe`, { method: 'POST' })).status).toBe(400);
});
