import { neededLine } from '@shop/platform/one-line';
import { postalAddressRule } from '@shop/platform/postal-address';
import { PostalAddressInput } from '@shop/platform/value-types';
import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { z } from 'zod';
import { MAX_LINES, MAX_QUANTITY } from './cart.js';
import type { MergePolicy } from './cart-merge.js';
import { taxRuleOf } from './tax.js';

export const CartMergePolicy = { SUM: 'SUM', MAX: 'MAX', KEEP_GUEST: 'KEEP_GUEST', KEEP_USER: 'KEEP_USER' } as const satisfies {
  [Policy in MergePolicy]: Policy;
};
registerEnumType(CartMergePolicy, { name: 'CartMergePolicy' });

@InputType()
export class CartLineInput {
  @Field(() => String)
  sku!: string;

  @Field(() => Int)
  quantity!: number;
}

@InputType()
export class AddCartLinesInput {
  @Field(() => ID)
  cartId!: string;

  @Field(() => Int, { nullable: true, description: 'Optional optimistic lock: when given and stale, the answer is ConflictError.' })
  expectedVersion?: number | null;

  @Field(() => [CartLineInput])
  lines!: CartLineInput[];
}

@InputType()
export class UpdateCartLineInput {
  @Field(() => ID)
  cartId!: string;

  @Field(() => ID)
  lineId!: string;

  @Field(() => Int, { description: '0 removes the line.' })
  quantity!: number;

  @Field(() => Int, { nullable: true })
  expectedVersion?: number | null;
}

@InputType()
export class SetCartDeliveryInput {
  @Field(() => ID)
  cartId!: string;

  @Field(() => PostalAddressInput, { nullable: true })
  shippingAddress?: PostalAddressInput | null;

  @Field(() => String, { nullable: true })
  deliveryOptionCode?: string | null;
}

const quantity = (least: number) =>
  z.int({ error: 'A whole number is needed.' }).min(least, `At least ${least}.`).max(MAX_QUANTITY, `At most ${MAX_QUANTITY}.`);

export const addLinesRule = z.object({
  lines: z
    .array(z.object({ sku: neededLine(100), quantity: quantity(1) }))
    .min(1, 'At least one line is needed.')
    .max(MAX_LINES, `At most ${MAX_LINES} lines at a time.`),
});

export const updateLineRule = z.object({ quantity: quantity(0) });

export const setDeliveryRule = z.object({
  shippingAddress: postalAddressRule
    .extend({ country: z.string().refine((country) => taxRuleOf(country) !== null, { error: 'Nothing is delivered to this country.' }) })
    .nullish()
    .transform((value) => value ?? null),
  deliveryOptionCode: z
    .string()
    .nullish()
    .transform((value) => value ?? null),
});
