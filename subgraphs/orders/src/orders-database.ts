import { openDatabase, type Database } from '@shop/platform/database';
import { OrderTables } from './migrations/order-tables.migration.js';
import { Order } from './order.entity.js';
import { Shipment } from './shipment.entity.js';

/** The database of this subgraph; `migrate` brings it up to date. */
export function openOrdersDatabase(url: string, poolSize?: number): Promise<Database> {
  return openDatabase({ url, entities: [Order, Shipment], migrations: [OrderTables], ...(poolSize && { poolSize }) });
}
