import { z } from 'zod';
import type { Database, Transaction } from '@shop/platform/database';
import type { Sql } from '@shop/platform/sql';
import { isUuid } from '@shop/platform/ids';
import type { PageRequest } from '@shop/platform/connection';
import type { OrderStatus } from './order.js';
import { Order } from './order.entity.js';
import { Shipment } from './shipment.entity.js';

/** What lists of orders are sorted by, newest first. */
export const orderCursor = z.tuple([z.coerce.date(), z.uuid()]);

export type OrderCursor = z.output<typeof orderCursor>;

/** Orders by id or number; what is no id of ours finds nothing. */
export function findOrders(
  db: Database,
  { ids = [], numbers = [] }: { ids?: readonly string[]; numbers?: readonly string[] },
): Promise<Order[]> {
  return db
    .em()
    .find(Order, { $or: [{ id: { $in: ids.filter(isUuid) } }, { number: { $in: [...numbers] } }] }, { disableIdentityMap: true });
}

export async function findOrder(db: Database, id: string): Promise<Order | null> {
  return isUuid(id) ? db.em().findOne(Order, { id }, { disableIdentityMap: true }) : null;
}

/** One entry more than asked for, which tells that there is a next page. */
export function pageOfOrders(
  db: Database,
  filter: { status?: OrderStatus; customerId?: string },
  { first, after }: PageRequest<OrderCursor>,
): Promise<Order[]> {
  const beyond = after && { placedAt: { $lte: after[0] }, $or: [{ placedAt: { $lt: after[0] } }, { id: { $lt: after[1] } }] };
  return db
    .em()
    .find(Order, { ...filter, ...beyond }, { orderBy: { placedAt: 'desc', id: 'desc' }, limit: first + 1, disableIdentityMap: true });
}

/** The parcels of these orders, oldest first. */
export async function shipmentsByOrder(db: Database, orderIds: readonly string[]): Promise<Map<string, Shipment[]>> {
  const found = await db
    .em()
    .find(Shipment, { orderId: { $in: [...orderIds] } }, { orderBy: { createdAt: 'asc', id: 'asc' }, disableIdentityMap: true });
  return Map.groupBy(found, ({ orderId }) => orderId);
}

const revisionRow = z.object({ id: z.string(), revision: z.int() });

/** How far these orders are. */
export function revisionsOf(sql: Sql, orderIds: readonly string[]): Promise<z.output<typeof revisionRow>[]> {
  return sql.rows(revisionRow, `select id, revision from orders where id = any($1::uuid[])`, [orderIds]);
}

/** For a decision inside a transaction that has locked the order's checkout. */
export async function readOrder(tx: Transaction, id: string): Promise<Order | null> {
  return isUuid(id) ? tx.em.findOne(Order, { id }, { disableIdentityMap: true }) : null;
}
