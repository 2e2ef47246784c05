import { systemClock, type Clock } from '@shop/platform/clock';
import type { EventBus } from '@shop/platform/event-bus';
import { buildFederatedSchema, type FederatedSchema } from '@shop/platform/federated-schema';
import type { Logger } from '@shop/platform/logger';
import { runSubgraph, type RunningSubgraph } from '@shop/platform/running-subgraph';
import { startSubgraphServer } from '@shop/platform/subgraph-server';
import { openCatalogStore } from './open-catalog-store.js';
import { categoriesOf } from './category.store.js';
import { CategoryResolver, categoryReference } from './category.resolver.js';
import type { CatalogConfig } from './config.js';
import type { CatalogServices } from './context.js';
import { subscriptions } from './events.js';
import { ImportResolver } from './import.resolver.js';
import { MediaResolver } from './media.resolver.js';
import { ProductWritingResolver } from './product-writing.resolver.js';
import { visibleProduct, visibleVariant } from './product-reading.js';
import { startProductRelay } from './product-relay.js';
import { ProductConnectionResolver, ProductResolver } from './product.resolver.js';

export type { CatalogConfig } from './config.js';
export { subscriptions as catalogSubscriptions } from './events.js';

export interface CatalogParts {
  bus: EventBus;
  logger: Logger;
  clock?: Clock;
}

/** The schema alone, for printing. */
export function catalogSchema(): FederatedSchema {
  return buildFederatedSchema({
    resolvers: [ProductResolver, ProductConnectionResolver, CategoryResolver, MediaResolver, ProductWritingResolver, ImportResolver],
    references: { Product: visibleProduct, ProductVariant: visibleVariant, Category: categoryReference },
  });
}

/** Starts the catalog: products, their variants and prices, and the tree of categories. Throws when the store is unusable. */
export async function startCatalog(config: CatalogConfig, { bus, logger, clock = systemClock }: CatalogParts): Promise<RunningSubgraph> {
  const store = await openStore(config);
  await store.migrate();
  const { products } = store;
  const categories = categoriesOf(store.newUnit, config.categoryCacheMs ?? 10_000);
  const relay = startProductRelay({ products, bus, logger, categories });
  const mediaBaseUrl = config.mediaBaseUrl ?? 'http://localhost:4000';
  const services: CatalogServices = { products, clock, categories, mediaBaseUrl, productWritten: relay.wake };
  const server = await startSubgraphServer({
    name: 'catalog',
    schema: catalogSchema(),
    envelopeSecrets: config.envelopeSecrets,
    context: (request) => ({ ...request, ...services }),
    ready: store.ping,
    logger,
  });
  relay.wake();
  if (store.sql) return runSubgraph({ name: 'catalog', server, logger, db: store.sql, bus, subscriptions, services, pollers: [relay] });
  return {
    server,
    settle: relay.drain,
    [Symbol.asyncDispose]: async () => {
      server.drain();
      for (const part of [relay, server, store]) await part[Symbol.asyncDispose]();
    },
  };
}

/** Brings the store up to date; other processes wait, or do the same. May be repeated. */
export async function migrateCatalog(config: CatalogConfig): Promise<void> {
  await using store = await openStore(config);
  await store.migrate();
}

const openStore = ({ databaseUrl, poolSize }: CatalogConfig) => openCatalogStore({ url: databaseUrl, ...(poolSize && { poolSize }) });
