import { Arg, Ctx, Directive, Int, Mutation, Resolver } from 'type-graphql';
import { z } from 'zod';
import type { Transaction } from '@shop/platform/database';
import { badUserInput } from '@shop/platform/graphql-errors';
import { claimIdempotent, completeIdempotent, releaseIdempotent } from '@shop/platform/idempotency';
import { Scopes } from '@shop/platform/scopes';
import { idempotencyConflictError } from '@shop/platform/user-errors';
import { validate } from '@shop/platform/validation';
import { actorOf } from '@shop/platform/viewer';
import type { InventoryContext } from './context.js';
import { recordCounts } from './stock-count.js';
import {
  AdjustStockInput,
  adjustStockSchema,
  ReceiveStockInput,
  receiveStockSchema,
  SetStockInput,
  setStockSchema,
} from './stock-inputs.js';
import { adjustStock, receiveStock, type IntakeOutcome } from './stock-intake.js';
import { answerTo, StockResult, type StockAnswer } from './stock-result.js';
import { warehouseIds } from './warehouse.store.js';

@Resolver()
export class StockResolver {
  @Scopes('stock:write')
  @Mutation(() => StockResult)
  async receiveStock(
    @Arg('input', () => ReceiveStockInput) input: ReceiveStockInput,
    @Ctx() context: InventoryContext,
  ): Promise<StockAnswer> {
    const checked = validate(receiveStockSchema, input);
    if (checked.kind === 'invalid') return checked.error;
    return once('receiveStock', checked.value, context, (tx) => receiveStock(tx, checked.value, stepOf(context)));
  }

  @Scopes('stock:write')
  @Mutation(() => StockResult)
  async adjustStock(@Arg('input', () => AdjustStockInput) input: AdjustStockInput, @Ctx() context: InventoryContext): Promise<StockAnswer> {
    const checked = validate(adjustStockSchema, input);
    if (checked.kind === 'invalid') return checked.error;
    return once('adjustStock', checked.value, context, (tx) => adjustStock(tx, checked.value, stepOf(context)));
  }

  @Directive('@inaccessible')
  @Scopes('stock:write')
  @Mutation(() => Int, { description: 'Sets what was counted, at most 1000 shelves; returns how many were set. Safe to repeat.' })
  async setStock(@Arg('levels', () => [SetStockInput]) levels: SetStockInput[], @Ctx() context: InventoryContext): Promise<number> {
    const checked = validate(setStockSchema, { levels });
    if (checked.kind === 'invalid') throw badUserInput(checked.error.message);
    const ids = await warehouseIds(context.db, [...new Set(levels.map(({ warehouseCode }) => warehouseCode))]);
    const counted = checked.value.levels.map(({ warehouseCode, ...level }) => {
      const warehouseId = ids.get(warehouseCode);
      if (!warehouseId) throw badUserInput(`There is no warehouse ${warehouseCode}.`);
      return { ...level, warehouseId };
    });
    return recordCounts(context.db, counted, stepOf(context));
  }
}

function stepOf({ clock, defaultSafetyStock }: InventoryContext) {
  return { at: clock.now(), defaultSafetyStock };
}

const outcomeSchema: z.ZodType<IntakeOutcome> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('applied'), sku: z.string() }),
  z.object({ kind: z.literal('insufficient'), sku: z.string(), available: z.int() }),
  z.object({ kind: z.literal('not-found'), what: z.string() }),
]);

/** Runs `work` once for each viewer and idempotency key; a repetition gets the outcome of the first time. */
async function once(
  operation: string,
  input: { idempotencyKey: string },
  { db, viewer, signal }: InventoryContext,
  work: (tx: Transaction) => Promise<IntakeOutcome>,
): Promise<StockAnswer> {
  const id = { scope: `${actorOf(viewer)}/${operation}`, key: input.idempotencyKey };
  const claim = await claimIdempotent(db, id, input, signal);
  switch (claim.kind) {
    case 'first':
      return answerTo(await recorded(), db);
    case 'replay':
      return answerTo(outcomeSchema.parse(claim.response), db);
    case 'mismatch':
      return idempotencyConflictError(false);
    case 'in-progress':
      return idempotencyConflictError(true);
    default:
      return claim satisfies never;
  }

  async function recorded(): Promise<IntakeOutcome> {
    try {
      return await db.transaction(async (tx) => {
        const outcome = await work(tx);
        if (outcome.kind === 'not-found') await releaseIdempotent(tx, id);
        else await completeIdempotent(tx, id, outcome);
        return outcome;
      });
    } catch (error) {
      await releaseIdempotent(db, id);
      throw error;
    }
  }
}
