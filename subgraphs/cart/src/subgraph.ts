import { systemClock, type Clock } from '@shop/platform/clock';
import { openDatabase } from '@shop/platform/database';
import type { EventBus } from '@shop/platform/event-bus';
import { buildFederatedSchema, type FederatedSchema } from '@shop/platform/federated-schema';
import type { Logger } from '@shop/platform/logger';
import { startPoller } from '@shop/platform/poller';
import { batchedReference } from '@shop/platform/reference';
import { runSubgraph, type RunningSubgraph } from '@shop/platform/running-subgraph';
import { startSubgraphServer } from '@shop/platform/subgraph-server';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { CartChangedResolver } from './cart-changed.resolver.js';
import { CartFields, CartLineFields } from './cart-fields.resolver.js';
import { CartQuoteResolver } from './cart-quote.resolver.js';
import { cartNode, type CartNode } from './cart-types.js';
import { openCartStores } from './cart-stores.js';
import { CartResolver } from './cart.resolver.js';
import { catalogOf } from './catalog.js';
import type { CartConfig } from './config.js';
import type { CartContext, CartServices } from './context.js';
import { readableCart } from './edit-cart.js';
import { cartMigrations } from './migrations.js';
import { stockViewOf } from './stock-view.js';
import { CartUser, UserCartResolver } from './user-cart.resolver.js';

export type { CartConfig } from './config.js';
export { subscriptions as cartSubscriptions } from './events.js';

export interface CartParts {
  bus: EventBus;
  logger: Logger;
  clock?: Clock;
  /** How the catalog subgraph is reached. */
  catalog: SubgraphTransport;
}

const HOUR_MS = 3_600_000;
const EXPIRED_AT_ONCE = 500;

/** Starts the cart subgraph: brings its database up to date, then consumes and answers until it is disposed. */
export async function startCart(config: CartConfig, { bus, logger, clock = systemClock, catalog }: CartParts): Promise<RunningSubgraph> {
  const { envelopeSecrets, defaultCountry = 'DE', defaultCurrency = 'EUR' } = config;
  const db = await openStore(config);
  await db.migrate();

  const stores = await openCartStores(config, { db, bus, logger, clock });
  const { carts, watch, subscriptions } = stores;
  const stock = stockViewOf(db, bus);
  const variants = catalogOf(catalog, bus, stores.cache);
  const services: CartServices = { carts, catalog: variants, stock, watch, clock, defaultCountry, defaultCurrency };

  const server = await startSubgraphServer<CartContext>({
    name: 'cart',
    schema: cartSchema(),
    envelopeSecrets,
    context: (request) => ({ ...request, ...services }),
    ready: () => db.ping(),
    logger,
  });
  const expiry = startPoller({
    name: 'cart-expiry',
    everyMs: HOUR_MS,
    work: () => carts.deleteExpired(clock.now(), EXPIRED_AT_ONCE),
    logger,
  });
  const ears = new AsyncDisposableStack();
  ears.use(stores);
  ears.use(stock);
  ears.use(variants);
  const pollers = [expiry, ...stores.pollers];
  return runSubgraph({ name: 'cart', server, logger, db, bus, subscriptions, services, pollers, disposables: [ears] });
}

/** Brings the database up to date, under a lock that other processes wait for. May be repeated. */
export async function migrateCart(config: CartConfig): Promise<void> {
  await using db = await openStore(config);
  await db.migrate();
}

const openStore = ({ databaseUrl, poolSize = 8 }: CartConfig) =>
  openDatabase({ url: databaseUrl, entities: [], migrations: cartMigrations, poolSize });

/** The schema alone, for printing. */
export const cartSchema = (): FederatedSchema =>
  buildFederatedSchema({
    resolvers: [CartResolver, CartFields, CartLineFields, CartQuoteResolver, CartChangedResolver, UserCartResolver],
    orphanedTypes: [CartUser],
    references: {
      Cart: batchedReference<{ id: string }, CartContext, CartNode>(({ id }) => id, readableNodes),
      User: async ({ id }: { id: string }) => Object.assign(new CartUser(), { id }),
    },
  });

async function readableNodes(ids: readonly string[], context: CartContext): Promise<ReadonlyMap<string, CartNode>> {
  const carts = await Promise.all(ids.map((id) => readableCart(context, id)));
  return new Map(carts.flatMap((cart) => (cart ? [[cart.id, cartNode(cart)]] : [])));
}
