import { systemClock, type Clock } from '@shop/platform/clock';
import { openDatabase } from '@shop/platform/database';
import type { EventBus } from '@shop/platform/event-bus';
import { buildFederatedSchema } from '@shop/platform/federated-schema';
import type { Purge } from '@shop/platform/housekeeping';
import type { Logger } from '@shop/platform/logger';
import { runSubgraph, type RunningSubgraph } from '@shop/platform/running-subgraph';
import { startSubgraphServer } from '@shop/platform/subgraph-server';
import { PaymentsOrder } from './borrowed.js';
import type { CardProvider } from './card-provider.js';
import { KEEP_EVENTS_MS, RETRY_AFTER_MS, type PaymentsConfig } from './config.js';
import type { PaymentsContext } from './context.js';
import { subscriptions } from './events.js';
import { CreatePayments } from './migrations/create-payments.js';
import { PaymentEntity } from './payment.entity.js';
import { paymentReference } from './payment.reader.js';
import { purgeEvents } from './payment.store.js';
import { PaymentResolver, PaymentsOrderResolver } from './payment.resolver.js';
import { startProviderWorker } from './provider-worker.js';
import { RefundResolver } from './refund.resolver.js';
import { stripeProvider } from './stripe-provider.js';
import { takeWebhooks } from './webhook.route.js';

export { subscriptions as paymentsSubscriptions } from './events.js';
export { WEBHOOK_PATH } from './webhook.route.js';
export { stripeProvider } from './stripe-provider.js';
export type { CardProvider } from './card-provider.js';
export type { PaymentsConfig } from './config.js';

export interface PaymentsParts {
  bus: EventBus;
  logger: Logger;
  clock?: Clock;
  /** Default: Stripe's protocol with the configured key and address. */
  provider?: CardProvider;
}

/** The schema alone, for printing. */
export const paymentsSchema = () =>
  buildFederatedSchema({
    resolvers: [PaymentResolver, PaymentsOrderResolver, RefundResolver],
    orphanedTypes: [PaymentEntity, PaymentsOrder],
    references: {
      Payment: paymentReference,
      Order: async ({ id, accessProof }: PaymentsOrder) => Object.assign(new PaymentsOrder(), { id, accessProof }),
    },
  });

/** The money of orders: authorised, captured, voided, refunded. Its server also takes the provider's webhooks at `WEBHOOK_PATH`. */
export async function startPayments(config: PaymentsConfig, parts: PaymentsParts): Promise<RunningSubgraph> {
  const { bus, logger, clock = systemClock } = parts;
  const { secretKey, providerUrl, returnUrl, providerTimeoutMs = 8_000 } = config;
  const db = await openStore(config);
  await db.migrate();
  const provider = parts.provider ?? stripeProvider({ secretKey, apiUrl: providerUrl, returnUrl, timeoutMs: providerTimeoutMs });
  const worker = startProviderWorker({
    db,
    provider,
    clock,
    logger,
    concurrency: config.providerConcurrency ?? 64,
    retryAfterMs: config.retryAfterMs ?? RETRY_AFTER_MS,
    leaseMs: 2 * providerTimeoutMs + (config.leaseMarginMs ?? 5_000),
    pollEveryMs: config.pollEveryMs ?? 500,
  });
  const services = {
    db,
    clock,
    logger,
    wakeCalls: worker.wake,
    orderTokenSecret: config.orderTokenSecret,
    refundWaitMs: config.refundWaitMs ?? 3_000,
  };
  const server = await startSubgraphServer<PaymentsContext>({
    name: 'payments',
    schema: paymentsSchema(),
    envelopeSecrets: config.envelopeSecrets,
    context: (request) => ({ ...request, ...services }),
    ready: db.ping,
    logger,
  });
  await takeWebhooks(server.app, { ...services, webhookSecrets: config.webhookSecrets });
  const purges: Purge[] = [(sql, limit) => purgeEvents(sql, new Date(clock.now().getTime() - KEEP_EVENTS_MS), limit)];
  return runSubgraph({ name: 'payments', server, logger, db, bus, subscriptions, services, pollers: [worker], purges });
}

/** Brings the database up to date, under a lock that other processes wait for. May be repeated. */
export async function migratePayments(config: PaymentsConfig): Promise<void> {
  await using db = await openStore(config);
  await db.migrate();
}

const openStore = ({ databaseUrl, poolSize = 8 }: PaymentsConfig) =>
  openDatabase({ url: databaseUrl, entities: [PaymentEntity], migrations: [CreatePayments], poolSize });
