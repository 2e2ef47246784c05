import { Arg, Ctx, Directive, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { badUserInput } from '@shop/platform/graphql-errors';
import { Scopes } from '@shop/platform/scopes';
import { AvailabilityStatus } from './availability.js';
import { readPositions } from './availability.store.js';
import type { InventoryContext } from './context.js';
import { availabilityCode } from './stock.js';

@Directive('@inaccessible')
@ObjectType({ description: 'What can be bought of one SKU, for a rebuild of a read model.' })
export class StockPosition {
  @Field(() => String)
  sku!: string;

  @Field(() => Int)
  available!: number;

  @Field(() => Int, { description: 'That of the stock-changed event.' })
  version!: number;

  @Field(() => AvailabilityStatus)
  status!: AvailabilityStatus;
}

@Resolver(() => StockPosition)
export class StockPositionResolver {
  @Directive('@inaccessible')
  @Scopes('stock:read')
  @Query(() => [StockPosition], { description: 'All SKUs in order; `after` is the last one seen, `first` at most 1000.' })
  async stockPositions(
    @Arg('first', () => Int) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { db }: InventoryContext,
  ): Promise<StockPosition[]> {
    if (first < 1 || first > 1000) throw badUserInput('first must be between 1 and 1000.');
    return (await readPositions(db, first, after)).map(({ sku, available, version, safetyStock }) => ({
      sku,
      available,
      version,
      status: AvailabilityStatus[availabilityCode(available, safetyStock)],
    }));
  }
}
