import { join } from 'node:path';
import { limitsOf, listenForMetrics, startGateway, type EngineName, type PersistedLists } from '@shop/gateway';
import type { Logger } from '@shop/platform/logger';
import { createLogger } from '@shop/platform/logger';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { apiClientChanges, DEFAULT_AUDIENCE, DEFAULT_ISSUER, sessionRevocations } from '@shop/users';
import { mountCardSandbox, type CardSandbox } from './card-sandbox/card-sandbox.js';
import { mountImport } from './import/import-route.js';
import { startMailbox, type Mailbox } from './mailbox/mailbox.js';
import { mountPages } from './pages/pages.js';
import { mountPaymentWebhook, PAYMENT_WEBHOOK } from './payment-webhook.js';
import type { ShopSecrets } from './shop-secrets.js';
import { DEMO_PASSWORD, demoSignIns } from './sample-data/demo-people.js';
import { samplePicture } from './sample-data/sample-catalogue.js';
import { startSubgraphs, type ShopTuning } from './start-subgraphs.js';

export interface ShopOptions {
  /** The connection URL of a subgraph's own database; it must exist. */
  databaseUrl(subgraph: string): string;
  /** Where the card sandbox and the mailbox keep what they must not forget. */
  folder: string;
  secrets: ShopSecrets;
  supergraphSdl: string;
  /** Registered operations of partners and of our own clients; none when left out. */
  persisted?: PersistedLists;
  port: number;
  /** The address to listen on; only this machine by default. */
  host?: string;
  /** Where the gateway's `/metrics` is told, at the same address; nowhere by default. */
  metricsPort?: number | null;
  logLevel: string;
  /** What executes plans at the gateway; our own executor when left out. */
  engine?: EngineName;
  tuning?: Partial<ShopTuning>;
  /** Real payments by Stripe; the card sandbox when left out. */
  stripe?: StripeAccount;
  /** How long the provider's slow card takes, in ms; shorter in tests. */
  lateAnswerMs?: number;
  /** A request that took longer is answered with what is there; 10,000 ms. */
  requestTimeoutMs?: number;
  /** The gateway refuses work while its timers come later than this; 200 ms. */
  shedAboveDelayMs?: number;
}

/** Keys of an account at Stripe; its webhooks go to `/webhooks/stripe`. */
export interface StripeAccount {
  secretKey: string;
  webhookSecrets: string[];
}

export interface Shop extends AsyncDisposable {
  /** e.g. http://localhost:4000 */
  url: string;
  subgraphs: ReadonlyMap<string, RunningSubgraph>;
  sandbox: CardSandbox;
  mailbox: Mailbox;
  logger: Logger;
  /** Lets everything that is due happen until the whole shop is quiet. Throws when it does not come to rest. */
  settle(): Promise<void>;
}

/** One machine makes all the requests here, so the limits per address are wide; the throttle per account stays as it is. */
const demoTuning: ShopTuning = {
  signInPerAddressPerMinute: 100_000,
  registerPerAddressPerMinute: 100_000,
  checkoutsPerAddressPerMinute: 100_000,
  paymentActionTimeoutMs: 15 * 60_000,
  cardProviderTimeoutMs: 8_000,
};

/** For the same reason; a person may look at many orders at once. */
const demoMaxima = { viewerSockets: 1_000, addressSockets: 1_000 };

/** The whole shop in this process: eight subgraphs, the gateway, the card sandbox, the mailbox and the pages, on one port. */
export async function startShop(options: ShopOptions): Promise<Shop> {
  await using starting = new AsyncDisposableStack();
  const { folder, secrets, port, host = '127.0.0.1', logLevel } = options;
  const url = `http://localhost:${port}`;
  const logger = createLogger('shop', logLevel);
  const bus = starting.use(inProcessBus({ logger, startsClosed: true }));
  const mailbox = starting.use(await startMailbox({ port: 0, folder: join(folder, 'mailbox') }));
  const { byName, transports } = starting.use(
    await startSubgraphs({
      databaseUrl: options.databaseUrl,
      bus,
      loggerOf: (name) => createLogger(name, logLevel),
      secrets,
      publicUrl: url,
      cardProvider: options.stripe
        ? { url: null, ...options.stripe }
        : { url: `http://127.0.0.1:${port}`, secretKey: secrets.cardProviderKey, webhookSecrets: [secrets.cardWebhook] },
      smtpUrl: `smtp://127.0.0.1:${mailbox.port}`,
      tuning: { ...demoTuning, ...options.tuning },
    }),
  );
  bus.open();
  starting.defer(() => bus[Symbol.asyncDispose]());
  const payments = byName.get('payments')?.server.app;
  const mounted = Promise.withResolvers<CardSandbox>();
  const gateway = starting.use(
    await startGateway(
      {
        supergraphSdl: options.supergraphSdl,
        tokenIssuer: DEFAULT_ISSUER,
        tokenAudience: DEFAULT_AUDIENCE,
        orderTokenSecrets: [secrets.orderToken],
        introspection: true,
        corsOrigins: [],
        trustProxy: false,
        limits: limitsOf('enforce', demoMaxima),
        ...(options.engine && { engine: options.engine }),
        ...(options.persisted && { persisted: options.persisted }),
        requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
        ...(options.shedAboveDelayMs !== undefined && { shedAboveDelayMs: options.shedAboveDelayMs }),
        drainDelayMs: 0,
      },
      {
        transports,
        logger: createLogger('gateway', logLevel),
        sessionRevocations: (hear) => sessionRevocations(bus, hear),
        apiClientChanges: (hear) => apiClientChanges(bus, hear),
        routes: async (app, authenticate) => {
          mounted.resolve(
            await mountCardSandbox(app, {
              journalFile: join(folder, 'card-sandbox.ndjson'),
              secretKey: secrets.cardProviderKey,
              publicUrl: () => url,
              webhook: { url: `${url}${PAYMENT_WEBHOOK}`, secret: secrets.cardWebhook },
              deliver: async (payload, headers) =>
                (await payments?.inject({ method: 'POST', url: PAYMENT_WEBHOOK, headers, payload }))?.statusCode ?? 503,
              duplicateEvery: 10,
              ...(options.lateAnswerMs !== undefined && { lateAnswerMs: options.lateAnswerMs }),
            }),
          );
          if (payments) await mountPaymentWebhook(app, payments);
          await mountPages(app, {
            address: () => url,
            mailbox,
            demoSignIns,
            demoPassword: DEMO_PASSWORD,
            picture: async (slug) => samplePicture(slug),
          });
          const [catalog, inventory] = [transports.get('catalog'), transports.get('inventory')];
          if (catalog && inventory) await mountImport(app, { authenticate, catalog, inventory, warehouseCode: 'BER' });
        },
      },
    ),
  );
  const sandbox = await mounted.promise;
  await gateway.listen(port, host);
  if (typeof options.metricsPort === 'number') starting.use(await listenForMetrics(options.metricsPort, host, gateway.metrics));
  const running = starting.move();
  return {
    url,
    subgraphs: byName,
    sandbox,
    mailbox,
    logger,
    settle: () => settle([...byName.values()], sandbox),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function settle(subgraphs: readonly RunningSubgraph[], sandbox: CardSandbox): Promise<void> {
  for (let round = 0; round < 500; round++) {
    const pending = sandbox.pendingWebhooks();
    await sandbox.settle();
    let done = pending;
    for (const subgraph of subgraphs) done += await subgraph.settle();
    if (done === 0) return;
  }
  throw new Error('The shop does not come to rest.');
}
