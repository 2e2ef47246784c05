import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import {
  IdempotencyConflictError,
  NotFoundError,
  notFoundError,
  resolveUnionType,
  UserError,
  userError,
  ValidationError,
} from '@shop/platform/user-errors';
import type { Sql } from '@shop/platform/sql';
import { InventoryItem, readItems } from './inventory-item.js';
import type { IntakeOutcome } from './stock-intake.js';

@ObjectType()
export class InventoryPayload {
  @Field(() => InventoryItem)
  item!: InventoryItem;
}

@ObjectType({ implements: UserError, description: 'It would leave less on the shelf than is reserved.' })
export class InsufficientStockError extends UserError {
  @Field(() => String)
  sku!: string;

  @Field(() => Int)
  available!: number;
}

export const StockResult = createUnionType({
  name: 'StockResult',
  types: () => [InventoryPayload, InsufficientStockError, NotFoundError, IdempotencyConflictError, ValidationError] as const,
  resolveType: resolveUnionType,
});

export type StockAnswer = InventoryPayload | InsufficientStockError | NotFoundError | IdempotencyConflictError | ValidationError;

/** An outcome as the client sees it; the item is read as it is now. */
export async function answerTo(outcome: IntakeOutcome, sql: Sql): Promise<StockAnswer> {
  switch (outcome.kind) {
    case 'applied': {
      const item = (await readItems(sql, [outcome.sku])).get(outcome.sku);
      return item ? Object.assign(new InventoryPayload(), { item }) : notFoundError('SKU');
    }
    case 'insufficient':
      return userError(InsufficientStockError, {
        code: 'INSUFFICIENT_STOCK',
        message: `Only ${outcome.available} can be taken; the rest is reserved or not there.`,
        sku: outcome.sku,
        available: outcome.available,
      });
    case 'not-found':
      return notFoundError(outcome.what);
    default:
      return outcome satisfies never;
  }
}
