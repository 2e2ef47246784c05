import { Directive, Field, InputType, Int } from 'type-graphql';
import { z } from 'zod';

@InputType()
export class ReceiveStockInput {
  @Field(() => String)
  sku!: string;

  @Field(() => String)
  warehouseCode!: string;

  @Field(() => Int)
  quantity!: number;

  @Field(() => String)
  reference!: string;

  @Field(() => String)
  idempotencyKey!: string;
}

@InputType()
export class AdjustStockInput {
  @Field(() => String)
  sku!: string;

  @Field(() => String)
  warehouseCode!: string;

  @Field(() => Int, { description: 'May be negative; never below what is reserved.' })
  delta!: number;

  @Field(() => String)
  reason!: string;

  @Field(() => String)
  idempotencyKey!: string;
}

@Directive('@inaccessible')
@InputType({ description: 'What was counted on one shelf.' })
export class SetStockInput {
  @Field(() => String)
  sku!: string;

  @Field(() => String)
  warehouseCode!: string;

  @Field(() => Int, { description: 'Absolute; what is reserved is never undercut.' })
  onHand!: number;

  @Field(() => String, { description: 'Whose count it is; one reference sets a shelf once.' })
  reference!: string;
}

const MAX_QUANTITY = 1_000_000;
const place = { sku: z.string().min(1).max(100), warehouseCode: z.string().min(1).max(20) };
const note = z.string().trim().min(1).max(200);
const idempotencyKey = z.string().min(1).max(255);

export const receiveStockSchema = z.object({ ...place, quantity: z.int().min(1).max(MAX_QUANTITY), reference: note, idempotencyKey });

export const adjustStockSchema = z.object({
  ...place,
  delta: z
    .int()
    .min(-MAX_QUANTITY)
    .max(MAX_QUANTITY)
    .refine((delta) => delta !== 0, 'must not be 0'),
  reason: note,
  idempotencyKey,
});

export const setStockSchema = z.object({
  levels: z
    .array(z.object({ ...place, onHand: z.int().min(0).max(MAX_QUANTITY), reference: note }))
    .min(1)
    .max(1000),
});
