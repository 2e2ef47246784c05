import { appendFile, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { serveCardSandbox, type ServeOptions } from '@shop/standalone/card-sandbox/serve-card-sandbox';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const secretKey = 'sk_test_contract';
const webhookSecret = 'whsec_contract';

interface Received {
  rawBody: string;
  headers: IncomingHttpHeaders;
}

/** A receiver that answers with the next of `statuses`, and 200 when there is none. */
async function listenForWebhooks(statuses: number[] = []) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void text(request).then((rawBody) => {
      received.push({ rawBody, headers: request.headers });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const verified = () =>
    received.map(({ rawBody, headers }) => Stripe.webhooks.constructEvent(rawBody, String(headers['stripe-signature']), webhookSecret));
  return {
    received,
    verified,
    webhook: { url: `http://127.0.0.1:${port}/webhooks`, secret: webhookSecret },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const serve = (options: Partial<ServeOptions> = {}) =>
  serveCardSandbox({ host: '127.0.0.1', port: 0, journalFile: null, secretKey, webhook: null, lateAnswerMs: 50, ...options });

const client = (url: string, key = secretKey) =>
  new Stripe(key, { host: '127.0.0.1', port: new URL(url).port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });

/** What the library throws for a call; a call that goes well fails the test. */
async function refusedWith(call: Promise<unknown>): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw new Error('the call was expected to be refused', { cause: error });
}

const order = (paymentMethod: string, extra: Partial<Stripe.PaymentIntentCreateParams> = {}): Stripe.PaymentIntentCreateParams => ({
  amount: 12_345,
  currency: 'eur',
  capture_method: 'manual',
  confirm: true,
  payment_method: paymentMethod,
  metadata: { order_id: 'order 1+1=2' },
  ...extra,
});

/** The id of something that was not asked to be expanded. */
const idOf = (reference: unknown): string => (typeof reference === 'string' ? reference : '');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'card-sandbox-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the official library against the card sandbox', () => {
  test('authorises, captures a part, and refunds it in two steps', async () => {
    await using hooks = await listenForWebhooks();
    await using served = await serve({ webhook: hooks.webhook });
    const stripe = client(served.url);

    const authorized = await stripe.paymentIntents.create(order('pm_card_mastercard', { expand: ['latest_charge'] }));
    expect(authorized).toMatchObject({
      status: 'requires_capture',
      amount: 12_345,
      amount_capturable: 12_345,
      metadata: { order_id: 'order 1+1=2' },
    });
    expect(authorized.latest_charge).toMatchObject({
      payment_method_details: { card: { brand: 'mastercard', last4: '4444', exp_month: 12 } },
    });

    const captured = await stripe.paymentIntents.capture(authorized.id, { amount_to_capture: 10_000 });
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: 10_000, amount_capturable: 0 });

    const part = await stripe.refunds.create({ payment_intent: authorized.id, amount: 4_000 });
    expect(part).toMatchObject({ object: 'refund', status: 'succeeded', amount: 4_000 });
    expect((await refusedWith(stripe.refunds.create({ payment_intent: authorized.id, amount: 6_001 }))).code).toBe('amount_too_large');
    expect(await stripe.refunds.create({ charge: idOf(captured.latest_charge) })).toMatchObject({ amount: 6_000 });
    expect((await stripe.refunds.list({ payment_intent: authorized.id })).data.map(({ amount }) => amount)).toEqual([6_000, 4_000]);
    expect(await stripe.charges.retrieve(idOf(captured.latest_charge))).toMatchObject({ amount_refunded: 10_000, refunded: true });

    await served.sandbox.settle();
    expect(
      hooks
        .verified()
        .map(({ type }) => type)
        .toSorted(),
    ).toEqual([
      'charge.refunded',
      'charge.refunded',
      'payment_intent.amount_capturable_updated',
      'payment_intent.succeeded',
      'refund.created',
      'refund.created',
    ]);
    const refundEvents = hooks.verified().filter(({ type }) => type === 'charge.refunded');
    expect(refundEvents.map(({ data }) => data.object)).toContainEqual(
      expect.objectContaining({ object: 'charge', payment_intent: authorized.id, amount_refunded: 4_000 }),
    );
  });

  test('captures without parameters and cancels an authorisation', async () => {
    await using served = await serve();
    const stripe = client(served.url);
    const first = await stripe.paymentIntents.create(order('pm_card_visa'));
    expect(await stripe.paymentIntents.capture(first.id)).toMatchObject({ status: 'succeeded', amount_received: 12_345 });
    const second = await stripe.paymentIntents.create(order('pm_card_visa'));
    const canceled = await stripe.paymentIntents.cancel(second.id, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned', amount_capturable: 0 });
    const error = await refusedWith(stripe.paymentIntents.capture(second.id));
    expect(error).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state', payment_intent: { id: second.id } });
  });

  test.each([
    ['pm_card_visa_chargeDeclined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ])('%s is declined with the reason and the intent', async (paymentMethod, declineCode) => {
    await using hooks = await listenForWebhooks();
    await using served = await serve({ webhook: hooks.webhook });
    const stripe = client(served.url);
    const error = await refusedWith(stripe.paymentIntents.create(order(paymentMethod)));
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(error).toMatchObject({ statusCode: 402, code: 'card_declined', decline_code: declineCode });
    const declined = await stripe.paymentIntents.retrieve(String(error.payment_intent?.id));
    expect(declined).toMatchObject({ status: 'requires_payment_method', last_payment_error: { decline_code: declineCode } });
    expect(await stripe.paymentIntents.confirm(declined.id, { payment_method: 'pm_card_visa' })).toMatchObject({
      status: 'requires_capture',
    });
    await served.sandbox.settle();
    expect(
      hooks
        .verified()
        .map(({ type }) => type)
        .toSorted(),
    ).toEqual(['payment_intent.amount_capturable_updated', 'payment_intent.payment_failed']);
  });

  test.each([
    ['approve', 'requires_capture', 'succeeded'],
    ['refuse', 'requires_payment_method', 'failed'],
  ])('3-D Secure: the buyer may %s', async (outcome, status, redirectStatus) => {
    await using hooks = await listenForWebhooks();
    await using served = await serve({ webhook: hooks.webhook });
    const stripe = client(served.url);
    const intent = await stripe.paymentIntents.create(
      order('pm_card_threeDSecure2Required', { return_url: 'https://shop.example/back?order=1' }),
    );
    expect(intent.status).toBe('requires_action');
    const pageUrl = String(intent.next_action?.redirect_to_url?.url);
    const page = await fetch(pageUrl);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('€123.45');

    const answer = () => fetch(pageUrl, { method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' });
    for (const response of [await answer(), await answer()]) {
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toBe(
        `https://shop.example/back?order=1&payment_intent=${intent.id}&redirect_status=${redirectStatus}`,
      );
    }
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe(status);
    await served.sandbox.settle();
    expect(hooks.received).toHaveLength(2);
  });

  test('an unknown card, an unknown intent, a raw card number and a wrong key are refused as Stripe does', async () => {
    await using served = await serve();
    const stripe = client(served.url);
    expect(await refusedWith(stripe.paymentIntents.create(order('pm_nobody')))).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'payment_method',
    });
    expect(await refusedWith(stripe.paymentIntents.retrieve('pi_nobody'))).toMatchObject({ statusCode: 404, code: 'resource_missing' });
    expect(
      await refusedWith(stripe.paymentIntents.create(order('pm_card_visa', { metadata: { note: '4242 4242 4242 4242' } }))),
    ).toMatchObject({
      statusCode: 400,
      param: 'metadata[note]',
    });
    expect(await refusedWith(client(served.url, 'sk_test_wrong').paymentIntents.list())).toBeInstanceOf(
      Stripe.errors.StripeAuthenticationError,
    );
    expect(served.sandbox.intents()).toEqual([]);
  });

  test('lists newest first over pages and finds an intent by its metadata', async () => {
    await using served = await serve();
    const stripe = client(served.url);
    const made: string[] = [];
    for (const key of ['a', 'b', 'c']) made.unshift((await stripe.paymentIntents.create(order('pm_card_visa', { metadata: { key } }))).id);
    const listed = await stripe.paymentIntents.list({ limit: 2, created: { gte: 1 } }).autoPagingToArray({ limit: 10 });
    expect(listed.map(({ id }) => id)).toEqual(made);
    expect((await stripe.paymentIntents.list({ created: { gte: 4_000_000_000 } })).data).toEqual([]);
    const found = await stripe.paymentIntents.search({ query: "metadata['key']:'b'", expand: ['data.latest_charge'] });
    expect(found.data).toMatchObject([{ id: made[1], latest_charge: { object: 'charge' } }]);
  });
});

describe('an idempotency key', () => {
  test('gives fifty concurrent callers one charge, and afterwards the same answer', async () => {
    await using served = await serve();
    const stripe = client(served.url);
    const pay = () => stripe.paymentIntents.create(order('pm_sandbox_slow'), { idempotencyKey: 'key-1' });
    const attempts = await Promise.allSettled(Array.from({ length: 50 }, pay));
    // Who comes while the first is under way gets a 409, who comes later its answer.
    const outcomes = new Set(attempts.map((attempt) => (attempt.status === 'fulfilled' ? attempt.value.id : attempt.reason.statusCode)));
    expect([...outcomes].filter((outcome) => outcome !== 409)).toEqual(served.sandbox.intents().map(({ id }) => id));
    const first = await pay();
    const second = await pay();
    expect(second).toEqual(first);
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(served.sandbox.intents()).toHaveLength(1);
  });

  test('replays a decline, and refuses other parameters', async () => {
    await using served = await serve();
    const stripe = client(served.url);
    const decline = () => refusedWith(stripe.paymentIntents.create(order('pm_card_visa_chargeDeclined'), { idempotencyKey: 'key-2' }));
    const first = await decline();
    const second = await decline();
    expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
    const other = await refusedWith(stripe.paymentIntents.create(order('pm_card_visa'), { idempotencyKey: 'key-2' }));
    expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(served.sandbox.intents()).toHaveLength(1);
  });

  test('brings back an answer that was lost', async () => {
    await using hooks = await listenForWebhooks();
    await using served = await serve({ webhook: hooks.webhook });
    const stripe = client(served.url);
    const pay = (timeout: number) =>
      stripe.paymentIntents.create(order('pm_sandbox_timeout', { metadata: { key: 'k' } }), { idempotencyKey: 'key-3', timeout });
    expect(await refusedWith(pay(2_000))).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    const found = await stripe.paymentIntents.search({ query: "metadata['key']:'k'" });
    expect(found.data).toMatchObject([{ status: 'requires_capture' }]);
    expect((await pay(30_000)).id).toBe(found.data[0]?.id);
    await served.sandbox.settle();
    expect(hooks.verified().map(({ type }) => type)).toEqual(['payment_intent.amount_capturable_updated']);
  });
});

describe('webhooks', () => {
  test('are sent again, with the same event id, until they are answered 2xx', async () => {
    await using hooks = await listenForWebhooks([500, 404]);
    await using served = await serve({ webhook: hooks.webhook });
    await client(served.url).paymentIntents.create(order('pm_card_visa'));
    await served.sandbox.settle();
    const ids = hooks.verified().map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(served.sandbox.pendingWebhooks()).toBe(0);
  });

  test('may come twice, by setting or on demand', async () => {
    await using hooks = await listenForWebhooks();
    await using served = await serve({ webhook: hooks.webhook, duplicateEvery: 2 });
    const stripe = client(served.url);
    await stripe.paymentIntents.create(order('pm_card_visa'));
    await stripe.paymentIntents.create(order('pm_card_visa'));
    await served.sandbox.settle();
    expect(hooks.received).toHaveLength(3);
    expect(served.sandbox.deliverAgain(String(served.sandbox.events()[0]?.id))).toBe(true);
    await served.sandbox.settle();
    expect(hooks.received).toHaveLength(4);
  });
});

describe('the journal', () => {
  test('brings back payments, refunds, answers and undelivered webhooks after a crash in the middle of a line', async () => {
    const journalFile = join(folder, 'journal.ndjson');
    const copy = join(folder, 'crashed.ndjson');
    await using broken = await listenForWebhooks(Array.from({ length: 50 }, () => 503));
    await using before = await serve({ journalFile, webhook: broken.webhook });
    const stripe = client(before.url);
    const pay = (on: Stripe) => on.paymentIntents.create(order('pm_card_visa'), { idempotencyKey: 'key-4' });
    const { id } = await pay(stripe);
    await stripe.paymentIntents.capture(id);
    await stripe.refunds.create({ payment_intent: id, amount: 45 });

    await copyFile(journalFile, copy);
    await appendFile(copy, '{"intent":{"id":"pi_torn"');
    await using hooks = await listenForWebhooks();
    {
      await using after = await serve({ journalFile: copy, webhook: hooks.webhook });
      await after.sandbox.settle();
      expect(
        hooks
          .verified()
          .map(({ type }) => type)
          .toSorted(),
      ).toEqual(['charge.refunded', 'payment_intent.amount_capturable_updated', 'payment_intent.succeeded', 'refund.created']);
      expect(after.sandbox.intents()).toEqual(before.sandbox.intents());
      expect(after.sandbox.refunds()).toEqual(before.sandbox.refunds());
      const replayed = await pay(client(after.url));
      expect(replayed).toMatchObject({ id, status: 'requires_capture' });
      expect(await client(after.url).refunds.create({ payment_intent: id })).toMatchObject({ amount: 12_300 });
      await after.sandbox.settle();
    }
    await using again = await serve({ journalFile: copy, webhook: hooks.webhook });
    expect(again.sandbox.refunds()).toHaveLength(2);
    expect(again.sandbox.pendingWebhooks()).toBe(0);
  });

  test('keeps imported payments, each once, ready to be captured or refunded', async () => {
    const journalFile = join(folder, 'imported.ndjson');
    const created = new Date('2026-01-02T03:04:05Z');
    const imported = [
      { id: 'pi_demo_1', amountMinor: 1_000, currency: 'EUR', state: 'authorized', created } as const,
      {
        id: 'pi_demo_2',
        amountMinor: 2_000,
        currency: 'EUR',
        state: 'captured',
        created,
        refunds: [{ id: 're_demo_1', amountMinor: 500, created }],
      } as const,
    ];
    {
      await using first = await serve({ journalFile });
      expect(await first.sandbox.importIntents(imported)).toBe(2);
      expect(await first.sandbox.importIntents(imported)).toBe(0);
    }
    await using second = await serve({ journalFile });
    const stripe = client(second.url);
    await stripe.paymentIntents.create(order('pm_card_visa'));
    expect(
      (await stripe.paymentIntents.list()).data
        .slice(1)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(['pi_demo_1', 'pi_demo_2']);
    expect(await stripe.paymentIntents.capture('pi_demo_1')).toMatchObject({ status: 'succeeded', amount_received: 1_000 });
    expect(await stripe.refunds.create({ payment_intent: 'pi_demo_2' })).toMatchObject({ amount: 1_500 });
  });
});

test('closing ends held connections and waiting retries at once', async () => {
  await using hooks = await listenForWebhooks([500, 500, 500]);
  const served = await serve({ webhook: hooks.webhook });
  const held = refusedWith(client(served.url).paymentIntents.create(order('pm_sandbox_timeout')));
  await expect.poll(() => served.sandbox.pendingWebhooks()).toBe(1);
  await served[Symbol.asyncDispose]();
  expect(await held).toBeInstanceOf(Stripe.errors.StripeConnectionError);
});
