import { Ctx, Directive, Query, Resolver } from 'type-graphql';
import { batchedReference } from '@shop/platform/reference';
import { isUuid } from '@shop/platform/ids';
import { Scopes } from '@shop/platform/scopes';
import { hasScope } from '@shop/platform/viewer';
import type { InventoryContext } from './context.js';
import { Warehouse } from './warehouse.entity.js';

@Resolver(() => Warehouse)
export class WarehouseResolver {
  @Scopes('stock:read')
  @Directive('@listSize(assumedSize: 10)')
  @Query(() => [Warehouse], { description: 'In the order in which they are emptied.' })
  warehouses(@Ctx() { db }: InventoryContext): Promise<Warehouse[]> {
    return db.em().find(Warehouse, {}, { orderBy: { priority: 'asc', code: 'asc' } });
  }
}

/** By id, for staff; null for everybody else. */
export const warehouseReference = batchedReference<{ id: string }, InventoryContext, Warehouse>(
  ({ id }) => id,
  async (ids, { db, viewer }) => {
    if (!hasScope(viewer, 'stock:read')) return new Map();
    const found = await db.em().find(Warehouse, { id: { $in: ids.filter(isUuid) } });
    return new Map(found.map((warehouse) => [warehouse.id, warehouse]));
  },
);
