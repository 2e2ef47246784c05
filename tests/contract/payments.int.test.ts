import { authorizePayment, capturePayment, voidPayment } from '@shop/events/payments';
import type { CardProvider } from '@shop/payments';
import { startPayments, stripeProvider, WEBHOOK_PATH, type PaymentsConfig } from '@shop/payments';
import { seedPayments } from '@shop/payments/seed';
import type { EventContract, EventEnvelope } from '@shop/platform/event';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { Viewer } from '@shop/platform/viewer';
import { signWebhook } from '@shop/standalone/card-sandbox/webhook-event';
import { serveCardSandbox, type ServeOptions } from '@shop/standalone/card-sandbox/serve-card-sandbox';
import { proofOf } from '@shop/platform/proof';
import { as, dataOf, quietLogger, TEST_SECRET, userViewer } from '@shop/tests/kit/subgraph';
import { createTestDatabase, type TestDatabase } from '@shop/tests/kit/postgres';
import pg from 'pg';
import { describe, expect, test } from 'vitest';

const secretKey = 'sk_test_payments';
const webhookSecret = 'whsec_payments';
const staff: Viewer = userViewer(newId(), ['payments:read', 'payments:write'], ['staff-orders']);

interface World extends AsyncDisposable {
  sandbox: Awaited<ReturnType<typeof serveCardSandbox>>['sandbox'];
  config: PaymentsConfig;
  /** Every event of payments, in order. */
  heard: EventEnvelope[];
  payments: Awaited<ReturnType<typeof startPayments>>;
  send<T>(contract: EventContract<T>, data: T & { orderId: string }): Promise<void>;
  authorize(orderId: string, paymentToken: string, extra?: { customerId?: string | null; amountMinor?: number }): Promise<void>;
  webhook(rawBody: string, signature?: string): Promise<number>;
  sql(text: string, parameters?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Resolves with the next event of the order that has this name. */
  until(orderId: string, name: string): Promise<EventEnvelope>;
  restart(provider?: CardProvider): Promise<void>;
}

interface Setting {
  sandbox?: Partial<ServeOptions>;
  payments?: Partial<PaymentsConfig>;
  /** Whether the sandbox's webhooks arrive by themselves. */
  webhooks?: boolean;
  provider?: (config: PaymentsConfig) => CardProvider;
}

async function startWorld({ sandbox: sandboxOptions = {}, payments: extra = {}, webhooks = true, provider }: Setting = {}): Promise<World> {
  const database: TestDatabase = await createTestDatabase();
  const arriving: { take: ((rawBody: string, headers: Record<string, string>) => Promise<number>) | null } = { take: null };
  const served = await serveCardSandbox({
    host: '127.0.0.1',
    port: 0,
    journalFile: null,
    secretKey,
    webhook: { url: 'http://127.0.0.1:9/unused', secret: webhookSecret },
    deliver: (rawBody, headers) => (webhooks && arriving.take ? arriving.take(rawBody, headers) : Promise.resolve(200)),
    ...sandboxOptions,
  });
  const config: PaymentsConfig = {
    databaseUrl: database.url,
    envelopeSecrets: [TEST_SECRET],
    secretKey,
    providerUrl: served.url,
    orderProofSecret: TEST_SECRET,
    webhookSecrets: ['whsec_old', webhookSecret],
    returnUrl: 'http://shop.test/return',
    providerTimeoutMs: 1_500,
    retryAfterMs: [20],
    leaseMarginMs: 0,
    pollEveryMs: 50,
    ...extra,
  };
  const heard: EventEnvelope[] = [];
  const bus = inProcessBus({ logger: quietLogger, backoffMs: [5] });
  const waiting = new Set<() => void>();
  const types = ['authorized', 'declined', 'action-required', 'captured', 'voided', 'refunded'].map(
    (name) => `payments.payment-${name}.v1`,
  );
  bus.listen(types, (event) => {
    heard.push(event);
    waiting.forEach((look) => look());
  });
  let payments = await startPayments(config, { bus, logger: quietLogger, ...(provider && { provider: provider(config) }) });
  const inject = async (rawBody: string, headers: Record<string, string>) =>
    (await payments.server.app.inject({ method: 'POST', url: WEBHOOK_PATH, headers, payload: rawBody })).statusCode;
  arriving.take = inject;
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();

  const world: World = {
    sandbox: served.sandbox,
    config,
    heard,
    get payments() {
      return payments;
    },
    send: (contract, data) =>
      bus.publish({
        id: newId(),
        type: contract.type,
        aggregateId: data.orderId,
        aggregateVersion: 1,
        occurredAt: new Date().toISOString(),
        traceparent: null,
        causationId: null,
        data,
      }),
    authorize: (orderId, paymentToken, { customerId = null, amountMinor = 5_000 } = {}) =>
      world.send(authorizePayment, {
        orderId,
        orderNumber: 'N-1',
        customerId,
        email: 'ann@shop.test',
        locale: 'en',
        amount: { amountMinor, currency: 'EUR' },
        paymentToken,
      }),
    webhook: (rawBody, signature = signWebhook(rawBody, webhookSecret, Math.floor(Date.now() / 1000))) =>
      inject(rawBody, { 'content-type': 'application/json', 'stripe-signature': signature }),
    sql: async (text, parameters) => (await client.query(text, parameters)).rows,
    until: (orderId, name) => {
      const type = `payments.payment-${name}.v1`;
      const find = () => heard.find((event) => event.aggregateId === orderId && event.type === type);
      return new Promise((resolve) => {
        const look = () => {
          const event = find();
          if (!event) return;
          waiting.delete(look);
          resolve(event);
        };
        waiting.add(look);
        look();
      });
    },
    restart: async (next) => {
      await payments[Symbol.asyncDispose]();
      payments = await startPayments(config, { bus, logger: quietLogger, ...(next && { provider: next }) });
    },
    [Symbol.asyncDispose]: async () => {
      await served[Symbol.asyncDispose]();
      await payments[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      await client.end();
      await database[Symbol.asyncDispose]();
    },
  };
  return world;
}

const captured = async (world: World, orderId: string, extra?: { customerId?: string | null; amountMinor?: number }): Promise<string> => {
  await world.authorize(orderId, 'pm_card_visa', extra);
  await world.until(orderId, 'authorized');
  await world.send(capturePayment, { orderId });
  await world.until(orderId, 'captured');
  return paymentIdOf(world, orderId);
};

const paymentIdOf = async (world: World, orderId: string): Promise<string> =>
  String((await world.sql('select id from payment where order_id = $1', [orderId]))[0]?.['id']);

const statusOf = async (world: World, orderId: string): Promise<unknown> =>
  (await world.sql('select status from payment where order_id = $1', [orderId]))[0]?.['status'];

const namesOf = (world: World, orderId: string): string[] =>
  world.heard.filter(({ aggregateId }) => aggregateId === orderId).map(({ type }) => type.replace(/^payments\.payment-|\.v1$/g, ''));

const balanceOf = async (world: World, orderId: string): Promise<number> =>
  Number(
    (
      await world.sql(
        `select coalesce(sum(e.amount_minor), 0) as n from ledger_entry e join payment p on p.id = e.payment_id
         where p.order_id = $1 and e.account = 'provider_receivable'`,
        [orderId],
      )
    )[0]?.['n'],
  );

const intentsOf = (world: World, orderId: string) => world.sandbox.intents().filter(({ metadata }) => metadata['order_id'] === orderId);

const quiet = async (world: World): Promise<void> => {
  while ((await world.sandbox.settle(), await world.payments.settle()) > 0);
};

const ORDER = `query ($id: ID!) { _entities(representations: [{ __typename: "Order", id: $id }]) { ... on Order { payment {
  id status amount { amountMinor currency formatted } capturedAmount { amountMinor } refundedAmount { amountMinor }
  method { brand last4 expiryMonth expiryYear } nextActionUrl declineCode order { id } } } } }`;

const paymentSeenBy = async (world: World, viewer: Viewer, orderId: string): Promise<Record<string, unknown> | null> => {
  const data = await dataOf(as(world.payments, viewer)(ORDER, { id: orderId }));
  return (data['_entities'] as { payment: Record<string, unknown> | null }[])[0]?.payment ?? null;
};

const REFUND = `mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { __typename
  ... on PaymentPayload { payment { status refundedAmount { amountMinor } } }
  ... on RefundExceedsCaptureError { code refundable { amountMinor currency } }
  ... on IllegalTransitionError { from to allowed }
  ... on IdempotencyConflictError { retryable }
  ... on ValidationError { fields { path } } } }`;

const refund = async (world: World, input: Record<string, unknown>, viewer = staff): Promise<Record<string, unknown>> => {
  const given = { reason: 'damaged', idempotencyKey: newId(), ...input };
  return (await dataOf(as(world.payments, viewer)(REFUND, { input: given })))['refundPayment'] as Record<string, unknown>;
};

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

describe('authorisation and capture', () => {
  test('a good card is authorised and captured, booked once, and seen by its owner', async () => {
    await using world = await startWorld();
    const [orderId, customerId] = [newId(), newId()];
    await world.authorize(orderId, 'pm_card_visa', { customerId });
    const told = await world.until(orderId, 'authorized');
    expect(told.data).toMatchObject({ orderId, orderNumber: 'N-1', customerId, email: 'ann@shop.test', amount: eur(5_000) });
    await world.send(capturePayment, { orderId });
    await world.send(capturePayment, { orderId });
    await world.until(orderId, 'captured');
    await quiet(world);
    expect(namesOf(world, orderId)).toEqual(['authorized', 'captured']);
    expect(await balanceOf(world, orderId)).toBe(5_000);
    expect(intentsOf(world, orderId)).toMatchObject([{ status: 'succeeded', charge: { amountCapturedMinor: 5_000 } }]);
    expect(await paymentSeenBy(world, userViewer(customerId), orderId)).toMatchObject({
      status: 'CAPTURED',
      amount: { ...eur(5_000), formatted: '€50.00' },
      capturedAmount: { amountMinor: 5_000 },
      method: { brand: 'visa', last4: '4242', expiryMonth: 12 },
      nextActionUrl: null,
      order: { id: orderId },
    });
    expect(await world.sql('select key from provider_call')).toEqual([]);
  });

  test.each([
    ['pm_card_visa_chargeDeclined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_of_nobody', 'invalid_payment_method'],
    ['pm 4242 4242 4242 4242', 'card_number_refused'],
  ])('%s is declined with %s', async (token, code) => {
    await using world = await startWorld();
    const orderId = newId();
    await world.authorize(orderId, token);
    expect((await world.until(orderId, 'declined')).data).toMatchObject({ orderId, declineCode: code });
    await quiet(world);
    expect(namesOf(world, orderId)).toEqual(['declined']);
    expect(await paymentSeenBy(world, staff, orderId)).toMatchObject({ declineCode: code });
    expect(JSON.stringify(await world.sql('select row_to_json(p) from payment p'))).not.toContain('4242');
  });

  test.each([
    ['approve', 'authorized', 'AUTHORIZED'],
    ['refuse', 'declined', 'DECLINED'],
  ])('a buyer who answers %s on the 3-D Secure page', async (outcome, name, status) => {
    await using world = await startWorld();
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_threeDSecure2Required');
    await world.until(orderId, 'action-required');
    const seen = await paymentSeenBy(world, { kind: 'order-token', orderId }, orderId);
    expect(seen).toMatchObject({ status: 'REQUIRES_ACTION' });
    await fetch(String(seen?.['nextActionUrl']), { method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' });
    await world.until(orderId, name);
    expect(await statusOf(world, orderId)).toBe(status);
    expect(await paymentSeenBy(world, staff, orderId)).toMatchObject({ nextActionUrl: null });
  });

  test('a second authorisation of the same order makes no second payment', async () => {
    await using world = await startWorld();
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.authorize(orderId, 'pm_card_mastercard');
    await world.until(orderId, 'authorized');
    await quiet(world);
    expect(intentsOf(world, orderId)).toHaveLength(1);
    expect(namesOf(world, orderId)).toEqual(['authorized']);
  });
});

describe('a provider that does not answer', () => {
  test('a lost answer is asked for again by its key: one authorisation', async () => {
    await using world = await startWorld({ webhooks: false, payments: { providerTimeoutMs: 100 } });
    const orderId = newId();
    await world.authorize(orderId, 'pm_sandbox_timeout');
    await world.until(orderId, 'authorized');
    expect(intentsOf(world, orderId)).toHaveLength(1);
    expect(namesOf(world, orderId)).toEqual(['authorized']);
  });

  test('a slow answer is neither a failure nor a second authorisation', async () => {
    await using world = await startWorld({ webhooks: false, payments: { providerTimeoutMs: 100 }, sandbox: { lateAnswerMs: 400 } });
    const orderId = newId();
    await world.authorize(orderId, 'pm_sandbox_slow');
    await world.until(orderId, 'authorized');
    expect(intentsOf(world, orderId)).toHaveLength(1);
    expect(namesOf(world, orderId)).toEqual(['authorized']);
  });

  test('a webhook may come before the answer', async () => {
    await using world = await startWorld({ sandbox: { lateAnswerMs: 300 } });
    const orderId = newId();
    await world.authorize(orderId, 'pm_sandbox_slow');
    await world.until(orderId, 'authorized');
    await world.send(capturePayment, { orderId });
    await world.until(orderId, 'captured');
    await quiet(world);
    expect(namesOf(world, orderId)).toEqual(['authorized', 'captured']);
    expect(await paymentSeenBy(world, staff, orderId)).toMatchObject({ status: 'CAPTURED', method: { last4: '4242' } });
  });

  test('an outage postpones, it does not decline', async () => {
    const out = (provider: CardProvider): CardProvider => ({ ...provider, authorize: async () => ({ kind: 'unknown', reason: 'away' }) });
    await using world = await startWorld({ provider: (config) => out(real(config)) });
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.payments.settle();
    expect(await statusOf(world, orderId)).toBe('CREATED');
    await world.restart();
    await world.until(orderId, 'authorized');
    expect(namesOf(world, orderId)).toEqual(['authorized']);
  });

  test('is asked again by the same key as often as it takes', async () => {
    const keys: string[] = [];
    const silent = (provider: CardProvider): CardProvider => ({
      ...provider,
      authorize: async (request) => {
        keys.push(request.key);
        return keys.length <= 12 ? { kind: 'unknown', reason: 'silence' } : provider.authorize(request);
      },
    });
    await using world = await startWorld({ payments: { retryAfterMs: [1, 2] }, provider: (config) => silent(real(config)) });
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.until(orderId, 'authorized');
    expect(keys).toEqual(Array.from({ length: 13 }, () => `order:${orderId}:authorize`));
  });

  test('a capture that the provider turns down is not forgotten', async () => {
    let refusals = 2;
    const stubborn = (provider: CardProvider): CardProvider => ({
      ...provider,
      capture: async (request) =>
        refusals-- > 0 ? { kind: 'authorized', providerId: request.providerId, method: null } : provider.capture(request),
    });
    await using world = await startWorld({ provider: (config) => stubborn(real(config)) });
    const orderId = newId();
    await captured(world, orderId);
    expect([await statusOf(world, orderId), await balanceOf(world, orderId)]).toEqual(['CAPTURED', 5_000]);
  });

  test('a process that dies between the call and its transaction leaves one authorisation', async () => {
    const dying = (provider: CardProvider): CardProvider => ({
      ...provider,
      authorize: async (request) => {
        await provider.authorize(request);
        throw new Error('killed');
      },
    });
    await using world = await startWorld({
      webhooks: false,
      payments: { providerTimeoutMs: 300 },
      provider: (config) => dying(real(config)),
    });
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.payments.settle();
    expect([await statusOf(world, orderId), intentsOf(world, orderId).length]).toEqual(['CREATED', 1]);
    await world.restart();
    await world.until(orderId, 'authorized');
    expect(intentsOf(world, orderId)).toHaveLength(1);
    expect(namesOf(world, orderId)).toEqual(['authorized']);
  });
});

const real = (config: PaymentsConfig): CardProvider =>
  stripeProvider({ secretKey, apiUrl: config.providerUrl, returnUrl: config.returnUrl, timeoutMs: 1_500 });

describe('webhooks', () => {
  test('fifty at once have one effect, whatever comes later', async () => {
    await using world = await startWorld({ webhooks: false });
    const orderId = newId();
    const paymentId = await captured(world, orderId);
    expect(await refund(world, { paymentId, amount: eur(1_000) })).toMatchObject({ __typename: 'PaymentPayload' });
    const events = world.sandbox.events().map(({ rawBody }) => rawBody);
    const statuses = await Promise.all(events.flatMap((rawBody) => Array.from({ length: 50 }, () => world.webhook(rawBody))));
    expect(new Set(statuses)).toEqual(new Set([200]));
    await quiet(world);
    expect(namesOf(world, orderId)).toEqual(['authorized', 'captured', 'refunded']);
    expect(await balanceOf(world, orderId)).toBe(4_000);
    expect(await world.sql('select count(*)::int as n from provider_event')).toEqual([{ n: events.length }]);
  });

  test('only the webhook moves the payment when the answer is missing', async () => {
    const mute = (provider: CardProvider): CardProvider => ({
      ...provider,
      authorize: async (request) => provider.authorize(request).then(() => ({ kind: 'unknown', reason: 'cut off' })),
    });
    await using world = await startWorld({ webhooks: false, provider: (config) => mute(real(config)) });
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.payments.settle();
    const [event] = world.sandbox.events();
    const sent = await Promise.all(Array.from({ length: 50 }, () => world.webhook(event?.rawBody ?? '')));
    expect(new Set(sent)).toEqual(new Set([200]));
    await world.until(orderId, 'authorized');
    expect(namesOf(world, orderId)).toEqual(['authorized']);
    expect(await world.sql('select provider_id from payment')).toEqual([{ provider_id: intentsOf(world, orderId)[0]?.id }]);
  });

  test('forged, stale, altered and unsigned ones are refused and leave nothing', async () => {
    await using world = await startWorld({ webhooks: false });
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.until(orderId, 'authorized');
    const rawBody = world.sandbox.events()[0]?.rawBody ?? '';
    const now = Math.floor(Date.now() / 1000);
    expect(await world.webhook(rawBody, signWebhook(rawBody, 'whsec_forged', now))).toBe(400);
    expect(await world.webhook(rawBody, signWebhook(rawBody, webhookSecret, now - 301))).toBe(400);
    expect(await world.webhook(rawBody.replace('5000', '1'), signWebhook(rawBody, webhookSecret, now))).toBe(400);
    expect(await world.webhook(rawBody, 'nonsense')).toBe(400);
    expect(await world.webhook('', 'nonsense')).toBe(400);
    expect(await world.sql('select id from provider_event')).toEqual([]);
  });

  test('of unknown type or about an unknown payment are answered and kept', async () => {
    await using world = await startWorld({ webhooks: false });
    const body = (id: string, type: string, object: object) => JSON.stringify({ id, object: 'event', type, created: 1, data: { object } });
    expect(await world.webhook(body('evt_1', 'customer.created', { id: 'cus_1' }))).toBe(200);
    const strange = { id: 'pi_x', object: 'payment_intent', status: 'succeeded', amount_received: 5, metadata: { payment_id: newId() } };
    expect(await world.webhook(body('evt_2', 'payment_intent.succeeded', strange))).toBe(200);
    expect(await world.sql('select id from provider_event order by id')).toEqual([{ id: 'evt_1' }, { id: 'evt_2' }]);
  });

  test('are forgotten after 30 days', async () => {
    await using world = await startWorld({ webhooks: false });
    for (const [id, days] of [
      ['evt_new', 29],
      ['evt_old', 31],
    ])
      await world.sql(`insert into provider_event values ($1, 'customer.created', now() - make_interval(days => $2))`, [id, days]);
    await world.payments.settle();
    expect(await world.sql('select id from provider_event')).toEqual([{ id: 'evt_new' }]);
  });
});

describe('void', () => {
  test('lets an authorisation go', async () => {
    await using world = await startWorld();
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.until(orderId, 'authorized');
    await world.send(voidPayment, { orderId, reason: 'cancelled' });
    expect((await world.until(orderId, 'voided')).data).toMatchObject({ reason: 'cancelled', email: 'ann@shop.test' });
    await quiet(world);
    expect(intentsOf(world, orderId)).toMatchObject([{ status: 'canceled' }]);
    expect([await statusOf(world, orderId), await balanceOf(world, orderId)]).toEqual(['VOIDED', 0]);
  });

  test('gives back what is captured', async () => {
    await using world = await startWorld();
    const orderId = newId();
    await captured(world, orderId);
    await world.send(voidPayment, { orderId, reason: 'cancelled' });
    const told = await world.until(orderId, 'refunded');
    expect(told.data).toMatchObject({ amount: eur(5_000), refundedTotal: eur(5_000), capturedTotal: eur(5_000), reason: 'cancelled' });
    await quiet(world);
    expect([await statusOf(world, orderId), await balanceOf(world, orderId)]).toEqual(['REFUNDED', 0]);
    expect(namesOf(world, orderId)).toEqual(['authorized', 'captured', 'refunded']);
    expect(world.sandbox.refunds()).toMatchObject([{ amountMinor: 5_000 }]);
  });

  test('before the authorisation leaves a tombstone: nothing is ever charged', async () => {
    await using world = await startWorld();
    const orderId = newId();
    await world.send(voidPayment, { orderId, reason: 'timed out' });
    await world.until(orderId, 'voided');
    expect(await paymentSeenBy(world, staff, orderId)).toBeNull();
    await world.authorize(orderId, 'pm_card_visa');
    await quiet(world);
    expect(namesOf(world, orderId)).toEqual(['voided', 'voided']);
    expect(world.heard.at(-1)?.data).toMatchObject({ email: 'ann@shop.test', reason: 'timed out' });
    expect(world.sandbox.intents()).toEqual([]);
    expect(await paymentSeenBy(world, staff, orderId)).toMatchObject({ status: 'VOIDED' });
  });

  test('while the provider is silent waits for it, then lets the late authorisation go', async () => {
    await using world = await startWorld({ webhooks: false, payments: { providerTimeoutMs: 100 }, sandbox: { lateAnswerMs: 400 } });
    const orderId = newId();
    await world.authorize(orderId, 'pm_sandbox_slow');
    while (intentsOf(world, orderId).length === 0) await world.sql('select pg_sleep(0.01)');
    await world.send(voidPayment, { orderId, reason: 'timed out' });
    await world.until(orderId, 'voided');
    expect(namesOf(world, orderId)).toEqual(['voided']);
    expect(intentsOf(world, orderId)).toMatchObject([{ status: 'canceled' }]);
  });

  test('together with a capture ends without money taken', async () => {
    await using world = await startWorld();
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.until(orderId, 'authorized');
    await world.send(capturePayment, { orderId });
    await world.send(voidPayment, { orderId, reason: 'cancelled' });
    await quiet(world);
    await Promise.race([world.until(orderId, 'voided'), world.until(orderId, 'refunded')]);
    expect(['VOIDED', 'REFUNDED']).toContain(await statusOf(world, orderId));
    expect(await balanceOf(world, orderId)).toBe(0);
  });
});

describe('refundPayment', () => {
  test('partly, then all that is left, then no more', async () => {
    await using world = await startWorld();
    const orderId = newId();
    const paymentId = await captured(world, orderId);
    expect(await refund(world, { paymentId, amount: eur(1_500) })).toMatchObject({
      payment: { status: 'PARTIALLY_REFUNDED', refundedAmount: { amountMinor: 1_500 } },
    });
    expect(await refund(world, { paymentId, amount: eur(3_501) })).toMatchObject({
      __typename: 'RefundExceedsCaptureError',
      refundable: eur(3_500),
    });
    expect(await refund(world, { paymentId })).toMatchObject({ payment: { status: 'REFUNDED', refundedAmount: { amountMinor: 5_000 } } });
    expect(await refund(world, { paymentId })).toMatchObject({ __typename: 'RefundExceedsCaptureError', refundable: eur(0) });
    await quiet(world);
    expect(namesOf(world, orderId)).toEqual(['authorized', 'captured', 'refunded', 'refunded']);
    expect(await balanceOf(world, orderId)).toBe(0);
  });

  test('at the same time never exceed what was captured', async () => {
    await using world = await startWorld();
    const orderId = newId();
    const paymentId = await captured(world, orderId);
    const answers = await Promise.all(Array.from({ length: 8 }, () => refund(world, { paymentId, amount: eur(1_500) })));
    expect(answers.filter(({ __typename }) => __typename === 'PaymentPayload')).toHaveLength(3);
    await quiet(world);
    expect(world.sandbox.refunds().map(({ amountMinor }) => amountMinor)).toEqual([1_500, 1_500, 1_500]);
    expect(await balanceOf(world, orderId)).toBe(500);
  });

  test('with the same key happens once; the key with another amount is refused', async () => {
    await using world = await startWorld();
    const paymentId = await captured(world, newId());
    const input = { paymentId, amount: eur(1_000), idempotencyKey: 'once' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => refund(world, input)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ payment: { refundedAmount: { amountMinor: 1_000 } } });
    expect(await refund(world, { ...input, amount: eur(2_000) })).toMatchObject({
      __typename: 'IdempotencyConflictError',
      retryable: false,
    });
    expect(world.sandbox.refunds()).toHaveLength(1);
  });

  test('needs captured money, its currency, an existing payment and the scope', async () => {
    await using world = await startWorld();
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.until(orderId, 'authorized');
    const paymentId = await paymentIdOf(world, orderId);
    expect(await refund(world, { paymentId })).toMatchObject({ __typename: 'IllegalTransitionError', from: 'AUTHORIZED', to: 'REFUNDED' });
    expect(await refund(world, { paymentId, amount: { amountMinor: 1, currency: 'USD' } })).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['amount', 'currency'] }],
    });
    expect(await refund(world, { paymentId, amount: eur(0) })).toMatchObject({ __typename: 'ValidationError' });
    expect(await refund(world, { paymentId: newId() })).toMatchObject({ __typename: 'NotFoundError' });
    expect(await refund(world, { paymentId: 'x' })).toMatchObject({ __typename: 'NotFoundError' });
    const input = { paymentId, reason: 'mine', idempotencyKey: 'k' };
    const { errors } = await as(world.payments, userViewer())(REFUND, { input });
    expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
  });
});

test('somebody else sees no payment, neither of the order nor by its id', async () => {
  await using world = await startWorld();
  const [orderId, customerId] = [newId(), newId()];
  await world.authorize(orderId, 'pm_card_visa', { customerId });
  await world.until(orderId, 'authorized');
  const strangers: Viewer[] = [{ kind: 'anonymous' }, userViewer(), { kind: 'order-token', orderId: newId() }];
  const id = await paymentIdOf(world, orderId);
  const byId = `query ($id: ID!) { _entities(representations: [{ __typename: "Payment", id: $id }]) { ... on Payment { id status } } }`;
  for (const viewer of strangers) {
    expect(await paymentSeenBy(world, viewer, orderId)).toBeNull();
    expect(await dataOf(as(world.payments, viewer)(byId, { id }))).toEqual({ _entities: [null] });
  }
  for (const viewer of [userViewer(customerId), staff, { kind: 'order-token', orderId } as const]) {
    expect(await paymentSeenBy(world, viewer, orderId)).toMatchObject({ id });
    expect(await dataOf(as(world.payments, viewer)(byId, { id }))).toEqual({ _entities: [{ id, status: 'AUTHORIZED' }] });
  }
});

test('whoever orders has let in sees the payment of that order, and a proof of another order is none', async () => {
  await using world = await startWorld();
  const orderId = newId();
  await world.authorize(orderId, 'pm_card_visa');
  await world.until(orderId, 'authorized');
  const shown = async (accessProof: string) => {
    const query = `query ($o: [_Any!]!) { _entities(representations: $o) { ... on Order { payment { status } } } }`;
    const data = await dataOf(as(world.payments)(query, { o: [{ __typename: 'Order', id: orderId, accessProof }] }));
    return data['_entities'];
  };
  expect(await shown(proofOf(`order:${orderId}`, TEST_SECRET))).toEqual([{ payment: { status: 'AUTHORIZED' } }]);
  expect(await shown(proofOf(`order:${newId()}`, TEST_SECRET))).toEqual([{ payment: null }]);
  expect(await shown(proofOf(`order:${orderId}`, 'a-secret-that-is-not-the-one-of-orders'))).toEqual([{ payment: null }]);
});

test('the ledger takes no change and nothing that does not add up', async () => {
  await using world = await startWorld();
  const paymentId = await captured(world, newId());
  await expect(world.sql('update ledger_entry set amount_minor = 1')).rejects.toThrow('append-only');
  await expect(world.sql('delete from ledger_entry')).rejects.toThrow('append-only');
  const lone = `insert into ledger_entry (booking_id, payment_id, account, amount_minor, currency, booked_at) values ('x', $1, 'customer', 1, 'EUR', now())`;
  await expect(world.sql(lone, [paymentId])).rejects.toThrow('does not add up');
});

test('seeded payments agree with their ledger, and seeding again adds nothing', async () => {
  await using world = await startWorld();
  const base = { orderNumber: 'N', customerId: null, email: 'a@b.test', locale: 'en', amount: eur(900), createdAt: new Date('2026-01-01') };
  const method = { brand: 'visa', last4: '4242', expiryMonth: 1, expiryYear: 2030 };
  const refunds = [{ id: newId(), amountMinor: 400, reason: 'late', createdAt: new Date('2026-01-02') }];
  const [open, paid, back, gone] = [newId(), newId(), newId(), newId()];
  const payments = [
    { ...base, id: newId(), orderId: open, state: 'authorized' as const, providerId: 'pi_1', method },
    { ...base, id: newId(), orderId: paid, state: 'captured' as const, providerId: 'pi_2', method },
    { ...base, id: newId(), orderId: back, state: 'captured' as const, providerId: 'pi_3', method, refunds },
    { ...base, id: newId(), orderId: gone, state: 'declined' as const, providerId: null, method: null },
  ];
  await seedPayments(world.config.databaseUrl, payments);
  await seedPayments(world.config.databaseUrl, payments);
  expect(await Promise.all([open, paid, back, gone].map((id) => statusOf(world, id)))).toEqual([
    'AUTHORIZED',
    'CAPTURED',
    'PARTIALLY_REFUNDED',
    'DECLINED',
  ]);
  expect(await Promise.all([open, paid, back, gone].map((id) => balanceOf(world, id)))).toEqual([0, 900, 500, 0]);
});
