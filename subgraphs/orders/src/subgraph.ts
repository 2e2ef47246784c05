import { systemClock, type Clock } from '@shop/platform/clock';
import type { EventBus } from '@shop/platform/event-bus';
import { buildFederatedSchema, type FederatedSchema } from '@shop/platform/federated-schema';
import type { Logger } from '@shop/platform/logger';
import { runSubgraph, type RunningSubgraph } from '@shop/platform/running-subgraph';
import { startSagaTimers } from '@shop/platform/saga-store';
import { startSubgraphServer } from '@shop/platform/subgraph-server';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import type { OrdersUser } from './borrowed.js';
import { cartsOf } from './cart.js';
import { advance, CHECKOUT, type CheckoutServices } from './checkout-runner.js';
import { openCheckoutLimiter } from './checkout-limiter.js';
import { CheckoutResolver } from './checkout.resolver.js';
import { deadlinesOf, type OrdersConfig } from './config.js';
import type { OrdersContext } from './context.js';
import { subscriptions } from './events.js';
import { OrderChangesResolver } from './order-changes.resolver.js';
import { startOrderFeed } from './order-feed.js';
import { OrderStatusResolver } from './order-status.resolver.js';
import { OrderLineResolver, orderReference, OrderResolver, UserOrdersResolver } from './order.resolver.js';
import { openOrdersDatabase } from './orders-database.js';
import { contactsOf } from './users.js';

export { subscriptions as ordersSubscriptions } from './events.js';
export type { OrdersConfig } from './config.js';

export interface OrdersParts {
  bus: EventBus;
  logger: Logger;
  clock?: Clock;
  /** Asked for the quote at checkout. */
  cart: SubgraphTransport;
  /** Asked for the address of a signed-in person who gives none. */
  users: SubgraphTransport;
}

/** Starts the orders on their own database, which they migrate. Throws when that cannot be reached. */
export async function startOrders(
  config: OrdersConfig,
  { bus, logger, clock = systemClock, cart, users }: OrdersParts,
): Promise<RunningSubgraph> {
  const db = await openStore(config);
  await db.migrate();
  const feed = startOrderFeed({ db, bus, logger, ...(config.feedPollMs && { pollMs: config.feedPollMs }) });
  const services: CheckoutServices = { clock, logger, deadlines: deadlinesOf(config), moved: feed.moved };
  const timers = startSagaTimers({
    db,
    type: CHECKOUT,
    logger,
    ...(config.timersEveryMs && { everyMs: config.timersEveryMs }),
    now: () => clock.now(),
    onExpired: async (orderId, tx) => void (await advance(tx, orderId, { type: 'deadline' }, services, {})),
  });
  const remote = { carts: cartsOf(cart), contacts: contactsOf(users) };
  const checkouts = await openCheckoutLimiter(config.redisUrl, clock, logger);
  const limits = {
    rateLimiter: checkouts.limiter,
    checkoutRate: { limit: config.checkoutsPerAddressPerMinute ?? 60, perMs: 60_000 },
  };
  const server = await startSubgraphServer<OrdersContext>({
    name: 'orders',
    schema: ordersSchema(),
    envelopeSecrets: config.envelopeSecrets,
    context: (request) => ({ ...request, ...remote, ...limits, db, services, feed, orderTokenSecret: config.orderTokenSecret }),
    ready: () => db.ping(),
    logger,
  });
  const disposables = [{ [Symbol.asyncDispose]: async () => feed.stop() }, checkouts];
  return runSubgraph({ name: 'orders', server, logger, db, bus, subscriptions, services, pollers: [timers, feed.poller], disposables });
}

/** Brings the database up to date, under a lock that other processes wait for. May be repeated. */
export async function migrateOrders(config: OrdersConfig): Promise<void> {
  await using db = await openStore(config);
  await db.migrate();
}

const openStore = ({ databaseUrl, poolSize }: OrdersConfig) => openOrdersDatabase(databaseUrl, poolSize);

/** The schema alone, for printing. */
export function ordersSchema(): FederatedSchema {
  return buildFederatedSchema({
    resolvers: [OrderResolver, OrderLineResolver, UserOrdersResolver, CheckoutResolver, OrderChangesResolver, OrderStatusResolver],
    references: { Order: orderReference, User: async ({ id }: OrdersUser) => ({ id }) },
  });
}
