import { systemClock, type Clock } from '@shop/platform/clock';
import { openDatabase } from '@shop/platform/database';
import type { EventBus } from '@shop/platform/event-bus';
import { buildFederatedSchema, type FederatedSchema } from '@shop/platform/federated-schema';
import type { Logger } from '@shop/platform/logger';
import { startPoller } from '@shop/platform/poller';
import { runSubgraph, type RunningSubgraph } from '@shop/platform/running-subgraph';
import { startSubgraphServer } from '@shop/platform/subgraph-server';
import { productReference, ProductStockResolver, VariantAvailabilityResolver, variantReference } from './availability.resolver.js';
import { InventoryProduct } from './borrowed.js';
import { DEFAULT_SAFETY_STOCK, defaultWarehouses, type InventoryConfig } from './config.js';
import type { InventoryContext } from './context.js';
import { subscriptions, type InventoryServices } from './events.js';
import { inventoryItemReference, InventoryItemResolver } from './inventory-item.resolver.js';
import { InventoryTables } from './migrations/inventory-tables.migration.js';
import { expireOneHold } from './release-stock.js';
import { StockChangedResolver } from './stock-changed.resolver.js';
import { StockPositionResolver } from './stock-position.resolver.js';
import { StockResolver } from './stock.resolver.js';
import { Warehouse } from './warehouse.entity.js';
import { warehouseReference, WarehouseResolver } from './warehouse.resolver.js';
import { saveWarehouses } from './warehouse.store.js';

export { subscriptions as inventorySubscriptions } from './events.js';
export type { InventoryConfig } from './config.js';

export interface InventoryParts {
  bus: EventBus;
  logger: Logger;
  clock?: Clock;
}

/** Starts the inventory on its own database, which it migrates. Throws when that cannot be reached. */
export async function startInventory(
  config: InventoryConfig,
  { bus, logger, clock = systemClock }: InventoryParts,
): Promise<RunningSubgraph> {
  const db = await openStore(config);
  await db.migrate();
  await saveWarehouses(db, config.warehouses ?? defaultWarehouses);
  const services: InventoryServices = { clock, holdMs: config.holdMs ?? 15 * 60_000 };
  const defaultSafetyStock = config.defaultSafetyStock ?? DEFAULT_SAFETY_STOCK;
  const server = await startSubgraphServer<InventoryContext>({
    name: 'inventory',
    schema: inventorySchema(),
    envelopeSecrets: config.envelopeSecrets,
    context: (request) => ({ ...request, db, bus, clock, defaultSafetyStock }),
    ready: () => db.ping(),
    logger,
  });
  const expiry = startPoller({
    name: 'expiry of holds',
    everyMs: config.expiryEveryMs ?? 5_000,
    logger,
    work: () => expireOneHold(db, clock.now()),
  });
  return runSubgraph({ name: 'inventory', server, logger, db, bus, subscriptions, services, pollers: [expiry] });
}

/** Brings the database up to date, under a lock that other processes wait for. May be repeated. */
export async function migrateInventory(config: InventoryConfig): Promise<void> {
  await using db = await openStore(config);
  await db.migrate();
}

const openStore = ({ databaseUrl, poolSize }: InventoryConfig) =>
  openDatabase({ url: databaseUrl, entities: [Warehouse], migrations: [InventoryTables], ...(poolSize && { poolSize }) });

/** The schema alone, for printing. */
export function inventorySchema(): FederatedSchema {
  return buildFederatedSchema({
    resolvers: [
      WarehouseResolver,
      InventoryItemResolver,
      VariantAvailabilityResolver,
      ProductStockResolver,
      StockPositionResolver,
      StockResolver,
      StockChangedResolver,
    ],
    orphanedTypes: [InventoryProduct],
    references: {
      Warehouse: warehouseReference,
      InventoryItem: inventoryItemReference,
      ProductVariant: variantReference,
      Product: productReference,
    },
  });
}
