import { authorizePayment, capturePayment } from '@shop/events/payments';
import type { CardProvider } from '@shop/payments';
import { startPayments, stripeProvider, WEBHOOK_PATH, type PaymentsConfig } from '@shop/payments';
import type { EventContract, EventEnvelope } from '@shop/platform/event';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { Viewer } from '@shop/platform/viewer';
import { signWebhook } from '@shop/standalone/card-sandbox/webhook-event';
import { serveCardSandbox, type ServeOptions } from '@shop/standalone/card-sandbox/serve-card-sandbox';
import { as, dataOf, quietLogger, TEST_SECRET, userViewer } from '@shop/tests/kit/subgraph';
import { eventOf } from '@shop/tests/kit/event';
import { createTestDatabase, type TestDatabase } from '@shop/tests/kit/postgres';
import pg from 'pg';

const secretKey = 'sk_test_payments';
export const webhookSecret = 'whsec_payments';
export const staff: Viewer = userViewer(newId(), ['payments:read', 'payments:write'], ['staff-orders']);

export interface World extends AsyncDisposable {
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

export async function startWorld({
  sandbox: sandboxOptions = {},
  payments: extra = {},
  webhooks = true,
  provider,
}: Setting = {}): Promise<World> {
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
    orderTokenSecret: TEST_SECRET,
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
    send: (contract, data) => bus.publish(eventOf(contract, data.orderId, data)),
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

export const captured = async (
  world: World,
  orderId: string,
  extra?: { customerId?: string | null; amountMinor?: number },
): Promise<string> => {
  await world.authorize(orderId, 'pm_card_visa', extra);
  await world.until(orderId, 'authorized');
  await world.send(capturePayment, { orderId });
  await world.until(orderId, 'captured');
  return paymentIdOf(world, orderId);
};

export const paymentIdOf = async (world: World, orderId: string): Promise<string> =>
  String((await world.sql('select id from payment where order_id = $1', [orderId]))[0]?.['id']);

export const statusOf = async (world: World, orderId: string): Promise<unknown> =>
  (await world.sql('select status from payment where order_id = $1', [orderId]))[0]?.['status'];

export const namesOf = (world: World, orderId: string): string[] =>
  world.heard.filter(({ aggregateId }) => aggregateId === orderId).map(({ type }) => type.replace(/^payments\.payment-|\.v1$/g, ''));

export const balanceOf = async (world: World, orderId: string): Promise<number> =>
  Number(
    (
      await world.sql(
        `select coalesce(sum(e.amount_minor), 0) as n from ledger_entry e join payment p on p.id = e.payment_id
         where p.order_id = $1 and e.account = 'provider_receivable'`,
        [orderId],
      )
    )[0]?.['n'],
  );

export const intentsOf = (world: World, orderId: string) =>
  world.sandbox.intents().filter(({ metadata }) => metadata['order_id'] === orderId);

export const quiet = async (world: World): Promise<void> => {
  while ((await world.sandbox.settle(), await world.payments.settle()) > 0);
};

const ORDER = `query ($id: ID!) { _entities(representations: [{ __typename: "Order", id: $id }]) { ... on Order { payment {
  id status amount { amountMinor currency formatted } capturedAmount { amountMinor } refundedAmount { amountMinor }
  method { brand last4 expiryMonth expiryYear } nextActionUrl declineCode order { id } } } } }`;

export const paymentSeenBy = async (world: World, viewer: Viewer, orderId: string): Promise<Record<string, unknown> | null> => {
  const data = await dataOf(as(world.payments, viewer)(ORDER, { id: orderId }));
  return (data['_entities'] as { payment: Record<string, unknown> | null }[])[0]?.payment ?? null;
};

export const REFUND = `mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { __typename
  ... on PaymentPayload { payment { status refundedAmount { amountMinor } } }
  ... on RefundExceedsCaptureError { code refundable { amountMinor currency } }
  ... on IllegalTransitionError { from to allowed }
  ... on IdempotencyConflictError { retryable }
  ... on ValidationError { fields { path } } } }`;

export const refund = async (world: World, input: Record<string, unknown>, viewer = staff): Promise<Record<string, unknown>> => {
  const given = { reason: 'damaged', idempotencyKey: newId(), ...input };
  return (await dataOf(as(world.payments, viewer)(REFUND, { input: given })))['refundPayment'] as Record<string, unknown>;
};

export const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

/** What the sandbox is reached by. */
export const real = (config: PaymentsConfig): CardProvider =>
  stripeProvider({ secretKey, apiUrl: config.providerUrl, returnUrl: config.returnUrl, timeoutMs: 1_500 });
