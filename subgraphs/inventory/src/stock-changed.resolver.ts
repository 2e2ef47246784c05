import { Arg, Ctx, Field, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { badUserInput } from '@shop/platform/graphql-errors';
import { Availability, availabilityFor } from './availability.js';
import { InventoryVariant } from './borrowed.js';
import type { InventoryContext } from './context.js';
import { followStock, type StockNews } from './stock-changed.js';

const MAX_SKUS = 50;

@ObjectType()
export class StockChangedEvent {
  @Field(() => String)
  sku!: string;

  @Field(() => InventoryVariant, { nullable: true })
  variant!: InventoryVariant | null;

  @Field(() => Availability)
  availability!: Availability;

  @Field(() => Date)
  at!: Date;
}

@Resolver()
export class StockChangedResolver {
  @Subscription(() => StockChangedEvent, {
    description: 'Availability of these variants, at most 50: as it is now, then whenever it changes.',
    subscribe: ({ args, context }: { args: { skus: string[] }; context: InventoryContext }) => {
      const skus = new Set(args.skus);
      if (skus.size < 1 || skus.size > MAX_SKUS) throw badUserInput(`skus must name 1 to ${MAX_SKUS} variants.`);
      return followStock([...skus], context);
    },
  })
  stockChanged(
    @Root() { sku, known, at }: StockNews,
    @Arg('skus', () => [String]) _skus: string[],
    @Ctx() { viewer }: InventoryContext,
  ): StockChangedEvent {
    return { sku, variant: { sku }, availability: availabilityFor(viewer, known), at };
  }
}
