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

/** One line of text that every store can hold. */
const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `At most ${most} characters.`)
    .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), { error: 'Control characters have no place here.' });
const needed = (most: number) => text(most).min(1, 'This is needed.');
const optional = (most: number) =>
  text(most)
    .nullish()
    .transform((value) => value || null);

export const addLinesRule = z.object({
  lines: z
    .array(z.object({ sku: needed(100), quantity: quantity(1) }))
    .min(1, 'At least one line is needed.')
    .max(MAX_LINES, `At most ${MAX_LINES} lines at a time.`),
});

export const updateLineRule = z.object({ quantity: quantity(0) });

export const setDeliveryRule = z.object({
  shippingAddress: z
    .object({
      fullName: needed(200),
      company: optional(200),
      line1: needed(200),
      line2: optional(200),
      city: needed(100),
      region: optional(100),
      postalCode: needed(20),
      country: z.string().refine((country) => taxRuleOf(country) !== null, { error: 'Nothing is delivered to this country.' }),
      phone: optional(40),
    })
    .nullish()
    .transform((value) => value ?? null),
  deliveryOptionCode: z
    .string()
    .nullish()
    .transform((value) => value ?? null),
});
