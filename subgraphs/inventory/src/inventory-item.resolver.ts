import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { batchedReference } from '@shop/platform/reference';
import { Scopes } from '@shop/platform/scopes';
import { hasScope } from '@shop/platform/viewer';
import type { InventoryContext } from './context.js';
import { InventoryItem, readItems } from './inventory-item.js';

@Resolver(() => InventoryItem)
export class InventoryItemResolver {
  @Scopes('stock:read')
  @Query(() => InventoryItem, { nullable: true })
  async inventoryItem(@Arg('sku', () => String) sku: string, @Ctx() { db }: InventoryContext): Promise<InventoryItem | null> {
    return (await readItems(db, [sku])).get(sku) ?? null;
  }
}

/** By SKU, for staff; null for everybody else. */
export const inventoryItemReference = batchedReference<{ sku: string }, InventoryContext, InventoryItem>(
  ({ sku }) => sku,
  async (skus, { db, viewer }) => (hasScope(viewer, 'stock:read') ? readItems(db, skus) : new Map()),
);
