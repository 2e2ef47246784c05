import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { productsInMongo, type Products } from '@shop/deploy/events/products';
import type { Servers } from '@shop/deploy/servers/start-servers';
import type { ServerName } from '@shop/deploy/servers/versions';
import { startStack, type Stack } from '@shop/deploy/stack/stack';
import { wideLimits } from '@shop/deploy/stack/stack-variables';
import { remoteMailbox } from '@shop/standalone/mailbox/remote-mailbox';
import { DEMO_PASSWORD } from '@shop/standalone/sample-data/demo-people';
import { inject } from 'vitest';
import type { ProviderBooks } from './ledger.js';
import { providerBooks } from './provider-books.js';
import { shopClient } from './shop-client.js';
import type { TestShop, TestShopOptions } from './shop.js';
import { databasesOf } from './stack-databases.js';
import { emptyStores, eventsUnderWay, refreshIndices, stackStores } from './stack-stores.js';
import { until } from './until.js';

export interface ShopInStack extends TestShop {
  readonly stack: Stack;
  readonly stores: Servers<ServerName>;
}

/** The whole shop as `npm run stack` runs it, on empty stores. One at a time: they all share the stores of the test run. */
export async function startShopInStack(options: TestShopOptions): Promise<ShopInStack> {
  await using starting = new AsyncDisposableStack();
  const stores = await stackStores();
  await emptyStores(stores);
  const folder = await mkdtemp(join(inject('stackStoresFolder'), 'shop-'));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const { replicas = {}, drainDelayMs = 0 } = options;
  const variables = variablesOf(options);
  const stack = starting.use(await startStack({ folder, stores: stores.urls, isSeeded: true, replicas, drainDelayMs, variables }));
  const { sql } = starting.use(databasesOf(stack));
  const products = starting.use(productsInMongo(stack.environmentOf('catalog')['DATABASE_URL'] ?? ''));
  const provider = providerBooks(join(stack.folderOf('card-sandbox'), 'card-sandbox.ndjson'));
  const url = stack.url.replace('localhost', '127.0.0.1');
  const running = starting.move();
  return {
    stack,
    stores,
    get shop(): never {
      throw new Error('This shop runs in processes of its own: there is no inside to reach.');
    },
    secrets: {
      envelope: '',
      orderToken: stack.variables['ORDER_TOKEN_SECRET'] ?? '',
      cardProviderKey: stack.variables['STRIPE_SECRET_KEY'] ?? '',
      cardWebhook: stack.variables['STRIPE_WEBHOOK_SECRETS'] ?? '',
    },
    mailbox: remoteMailbox(stack.urlOf('mailbox')),
    provider,
    ...('REDIS_URL' in stack.environmentOf('cart') && { withoutInbox: ['cart'] as const }),
    url,
    guest: shopClient(url),
    signedIn: async (email) => shopClient(url, await shopClient(url).signIn(email, DEMO_PASSWORD)),
    settle: () => untilQuiet(() => unrest(sql, provider, products), stores),
    restart: () => stack.restart(),
    sql,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function variablesOf(options: TestShopOptions): Record<string, string | undefined> {
  const { stockPerSku = 100, paymentActionTimeoutMs, cardProviderTimeoutMs, lateAnswerMs } = options;
  return {
    ...wideLimits,
    REQUEST_TIMEOUT_MS: '30000',
    SHED_ABOVE_DELAY_MS: '60000',
    INTROSPECTION: 'true',
    DEMO_SIGN_INS: 'on',
    LOG_LEVEL: 'warn',
    SEED_SHOP: 'small',
    SEED_STOCK_PER_SKU: String(stockPerSku),
    PAYMENT_ACTION_TIMEOUT_MS: paymentActionTimeoutMs?.toString(),
    CARD_PROVIDER_TIMEOUT_MS: cardProviderTimeoutMs?.toString(),
    CARD_SANDBOX_LATE_ANSWER_MS: lateAnswerMs?.toString(),
  };
}

const SENDERS = ['users', 'cart', 'orders', 'payments', 'inventory', 'notifications'] as const;

/** Whoever sends a mail takes it for two minutes; after one of its first three failures it waits for half a minute at most. */
const MAIL_IS_MOVING = `status = 'QUEUED' and
  (next_attempt_at < now() + interval '2 s' or attempts <= 3 and next_attempt_at > now() + interval '31 s')`;

/** What is due and not done yet, as sentences; as one process settles, what is due only later is left alone. */
async function unrest(sql: TestShop['sql'], provider: ProviderBooks, products: Products): Promise<string[]> {
  const count = async (subgraph: Parameters<TestShop['sql']>[0], what: string, condition: string): Promise<string[]> => {
    const [row] = await sql(subgraph, `select count(*)::int as n from ${condition}`);
    return row?.['n'] === 0 ? [] : [`${subgraph}: ${String(row?.['n'])} ${what}`];
  };
  const found = await Promise.all([
    ...SENDERS.map((sender) => count(sender, 'events not sent', 'outbox where sent_at is null')),
    count('payments', 'calls of the provider are due', "provider_call where next_attempt_at < now() + interval '900 ms'"),
    count('notifications', 'mails are due or on their way', `notification_delivery where ${MAIL_IS_MOVING}`),
    provider.pendingWebhooks().then((pending) => (pending === 0 ? [] : [`${pending} webhooks under way`])),
    products.countUnsent().then((unsent) => (unsent === 0 ? [] : [`catalog: ${unsent} products not sent`])),
    eventsUnderWay(),
  ]);
  return found.flat();
}

/**
 * Quiet three times in a row: between two looks something may pass from one place to the next. A mail that a killed process was sending is due
 * again after two minutes.
 */
async function untilQuiet(look: () => Promise<string[]>, stores: Servers<ServerName>): Promise<void> {
  const isQuiet = async (): Promise<true> => {
    for (let looks = 0; looks < 3; looks++) {
      const reasons = await look();
      if (reasons.length > 0) throw new Error(reasons.join('\n'));
    }
    return true;
  };
  await until(isQuiet, { timeoutMs: 180_000, what: 'the shop to come to rest' });
  await refreshIndices(stores);
}
