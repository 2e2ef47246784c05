import { Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ReferenceResolver } from '@shop/platform/reference';
import { Availability, availabilityFor } from './availability.js';
import { availabilityLoader } from './availability.store.js';
import { InventoryProduct, InventoryVariant } from './borrowed.js';
import type { InventoryContext } from './context.js';

@Resolver(() => InventoryVariant)
export class VariantAvailabilityResolver {
  @FieldResolver(() => Availability, { nullable: true })
  async availability(@Root() { sku }: InventoryVariant, @Ctx() context: InventoryContext): Promise<Availability> {
    return availabilityFor(context.viewer, await availabilityLoader(context).load(sku));
  }
}

@Resolver(() => InventoryProduct)
export class ProductStockResolver {
  @Directive('@requires(fields: "variants { sku }")')
  @FieldResolver(() => Boolean, { nullable: true, description: 'True when any variant can be bought now.' })
  async inStock(@Root() { variants }: InventoryProduct, @Ctx() context: InventoryContext): Promise<boolean> {
    const loader = availabilityLoader(context);
    const known = await Promise.all(variants.map(({ sku }) => loader.load(sku)));
    return known.some((sku) => sku !== null && sku.available > 0);
  }
}

/** Whether they exist is catalog's to say; here every key is answered. */
export const variantReference: ReferenceResolver<{ sku: string }, InventoryContext> = async ({ sku }) => ({ sku });

export const productReference: ReferenceResolver<{ id: string; variants?: { sku: string }[] }, InventoryContext> = async ({
  id,
  variants = [],
}) => ({ id, variants });
