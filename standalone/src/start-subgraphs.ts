import { startCart } from '@shop/cart';
import { startCatalog } from '@shop/catalog';
import { startInventory } from '@shop/inventory';
import { startNotifications } from '@shop/notifications';
import { startOrders } from '@shop/orders';
import { startPayments } from '@shop/payments';
import type { EventBus } from '@shop/platform/event-bus';
import type { Logger } from '@shop/platform/logger';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { directTransport, type SubgraphTransport } from '@shop/platform/subgraph-transport';
import { startSearch } from '@shop/search';
import { startUsers } from '@shop/users';
import type { ShopSecrets } from './shop-secrets.js';

export interface SubgraphsOptions {
  /** The connection URL of a subgraph's own database; it must exist. */
  databaseUrl(subgraph: string): string;
  bus: EventBus;
  loggerOf(subgraph: string): Logger;
  secrets: ShopSecrets;
  /** Where clients reach the shop, e.g. http://localhost:4000. */
  publicUrl: string;
  cardProvider: CardProviderAccess;
  smtpUrl: string;
  tuning: ShopTuning;
}

export interface CardProviderAccess {
  /** Where its API answers; null: Stripe itself. */
  url: string | null;
  secretKey: string;
  /** Secrets with which it signs webhooks. */
  webhookSecrets: string[];
}

/** What differs between a demo on one machine, a test and a real shop. */
export interface ShopTuning {
  signInPerAddressPerMinute: number;
  registerPerAddressPerMinute: number;
  checkoutsPerAddressPerMinute: number;
  /** How long a buyer may take to confirm a payment, in ms. */
  paymentActionTimeoutMs: number;
  /** After this long the provider counts as silent, in ms. */
  cardProviderTimeoutMs: number;
}

export interface RunningSubgraphs extends AsyncDisposable {
  /** By name, in the order in which they were started. */
  byName: ReadonlyMap<string, RunningSubgraph>;
  transports: ReadonlyMap<string, SubgraphTransport>;
}

/** Starts all eight subgraphs in this process, those that others read from first. Disposing ends them in reverse. */
export async function startSubgraphs({
  databaseUrl,
  bus,
  loggerOf,
  secrets,
  publicUrl,
  cardProvider,
  smtpUrl,
  tuning,
}: SubgraphsOptions): Promise<RunningSubgraphs> {
  await using starting = new AsyncDisposableStack();
  const byName = new Map<string, RunningSubgraph>();
  const transports = new Map<string, SubgraphTransport>();
  const own = (name: string) => ({ databaseUrl: databaseUrl(name), envelopeSecrets: [secrets.envelope] });
  const parts = (name: string) => ({ bus, logger: loggerOf(name) });
  const run = async (name: string, start: Promise<RunningSubgraph>): Promise<SubgraphTransport> => {
    const subgraph = starting.use(await start);
    const transport = directTransport(subgraph.server, secrets.envelope);
    byName.set(name, subgraph);
    transports.set(name, transport);
    return transport;
  };

  const { signInPerAddressPerMinute, registerPerAddressPerMinute, checkoutsPerAddressPerMinute, paymentActionTimeoutMs } = tuning;
  const [users, catalog, inventory] = await allStarted([
    run('users', startUsers({ ...own('users'), signInPerAddressPerMinute, registerPerAddressPerMinute }, parts('users'))),
    run('catalog', startCatalog({ ...own('catalog'), mediaBaseUrl: publicUrl }, parts('catalog'))),
    run('inventory', startInventory(own('inventory'), parts('inventory'))),
    run('notifications', startNotifications({ ...own('notifications'), smtpUrl, publicUrl }, parts('notifications'))),
    run(
      'payments',
      startPayments(
        {
          ...own('payments'),
          orderTokenSecret: secrets.orderToken,
          secretKey: cardProvider.secretKey,
          providerUrl: cardProvider.url,
          webhookSecrets: cardProvider.webhookSecrets,
          returnUrl: `${publicUrl}/track`,
          providerTimeoutMs: tuning.cardProviderTimeoutMs,
        },
        parts('payments'),
      ),
    ),
  ]);
  const cart = await run('cart', startCart(own('cart'), { ...parts('cart'), catalog }));
  const orders = { ...own('orders'), orderTokenSecret: secrets.orderToken, paymentActionTimeoutMs, checkoutsPerAddressPerMinute };
  await allStarted([
    run('orders', startOrders(orders, { ...parts('orders'), cart, users })),
    run('search', startSearch({ envelopeSecrets: [secrets.envelope] }, { ...parts('search'), catalog, inventory })),
  ]);
  const running = starting.move();
  return { byName, transports, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** What still starts when another one has failed is waited for, so that it is ended too. Rejects with the first failure. */
async function allStarted<T extends readonly Promise<unknown>[] | []>(starting: T) {
  await Promise.allSettled(starting);
  return Promise.all(starting);
}
