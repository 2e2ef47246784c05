import { Money, PostalAddress } from '@shop/platform/value-types';
import { ConflictError, NotFoundError, ValidationError } from '@shop/platform/user-errors';
import type { Amount } from '@shop/platform/money';
import { createUnionType, Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Cart, CartAddress, CartLine } from './cart.js';
import type { PricedCart } from './pricing.js';
import type { Problem, ProblemCode } from './problems.js';

export const CartProblemCode = {
  PRICE_CHANGED: 'PRICE_CHANGED',
  INSUFFICIENT_STOCK: 'INSUFFICIENT_STOCK',
  VARIANT_UNAVAILABLE: 'VARIANT_UNAVAILABLE',
  ADDRESS_MISSING: 'ADDRESS_MISSING',
  DELIVERY_MISSING: 'DELIVERY_MISSING',
} as const satisfies { [Code in ProblemCode]: Code };
registerEnumType(CartProblemCode, { name: 'CartProblemCode' });

@Directive('@shareable')
@ObjectType()
export class CartTotals {
  @Field(() => Money)
  subtotal!: Amount;

  @Field(() => Money)
  discount!: Amount;

  @Field(() => Money)
  shipping!: Amount;

  @Field(() => Money)
  tax!: Amount;

  @Field(() => Money)
  total!: Amount;
}

@Directive('@shareable')
@ObjectType()
export class DeliveryOption {
  @Field(() => String)
  code!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Money)
  price!: Amount;

  @Field(() => Int)
  estimatedDays!: number;
}

@Directive('@shareable')
@ObjectType()
export class CartProblem implements Problem {
  @Field(() => CartProblemCode)
  code!: ProblemCode;

  @Field(() => String)
  message!: string;

  @Field(() => ID, { nullable: true })
  lineId!: string | null;
}

/** Catalog's, by its SKU. */
@Directive('@key(fields: "sku", resolvable: false)')
@ObjectType('ProductVariant')
export class CartVariant {
  @Field(() => String)
  sku!: string;
}

/** Prices come from the field resolvers, which ask the cart that the line is in. */
@ObjectType('CartLine')
export class CartLineNode {
  cart!: CartNode;
  line!: CartLine;

  @Field(() => ID)
  id!: string;

  @Field(() => String)
  sku!: string;

  @Field(() => Int)
  quantity!: number;
}

@Directive('@key(fields: "id")')
@ObjectType('Cart')
export class CartNode {
  cart!: Cart;
  /** Made when a field first needs it, then shared by all fields of this answer. */
  priced?: Promise<PricedCart>;

  @Field(() => ID)
  id!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => PostalAddress, { nullable: true })
  shippingAddress!: CartAddress | null;

  @Field(() => Date)
  updatedAt!: Date;
}

@ObjectType()
export class CartPayload {
  @Field(() => CartNode)
  cart!: CartNode;
}

const resultTypes = [CartPayload, NotFoundError, ConflictError, ValidationError] as const;

export const CartResult = createUnionType({
  name: 'CartResult',
  types: () => resultTypes,
  resolveType: (value) => resultTypes.find((type) => value instanceof type),
});

export function cartNode(cart: Cart): CartNode {
  const { id, version, shippingAddress, updatedAt } = cart;
  return Object.assign(new CartNode(), { cart, id, version, shippingAddress, updatedAt });
}

export function cartPayload(cart: Cart): CartPayload {
  return Object.assign(new CartPayload(), { cart: cartNode(cart) });
}
