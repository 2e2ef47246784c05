import type { Amount } from '@shop/platform/money';
import {
  IdempotencyConflictError,
  NotFoundError,
  RateLimitedError,
  userError,
  UserError,
  ValidationError,
} from '@shop/platform/user-errors';
import { Money, MoneyInput } from '@shop/platform/value-types';
import { GraphQLEmailAddress } from 'graphql-scalars';
import { createUnionType, Directive, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { CartProblemCode, type QuoteProblem } from './checkout.js';
import { Order } from './order.entity.js';

registerEnumType(CartProblemCode, { name: 'CartProblemCode' });

@InputType()
export class CheckoutInput {
  @Field(() => ID)
  cartId!: string;

  @Field(() => MoneyInput, { description: 'The total that the person saw; another one now is PriceChangedError, and nothing is placed.' })
  expectedTotal!: MoneyInput;

  @Field(() => GraphQLEmailAddress, { nullable: true, description: 'Required for a guest.' })
  email?: string | null;

  @Field(() => String, { description: 'A token of the payment provider. Card numbers never reach this API and are refused.' })
  paymentToken!: string;

  @Field(() => String, {
    description: '1 to 255 characters, chosen by the client; the same key and body always answer with the same order.',
  })
  idempotencyKey!: string;
}

@ObjectType()
export class CheckoutPayload {
  @Field(() => Order)
  order!: Order;

  @Field(() => String, {
    description: 'Lets a guest read and follow this one order: send it as the Authorization bearer or to orderByToken.',
  })
  orderToken!: string;
}

@Directive('@shareable')
@ObjectType()
export class CartProblem implements QuoteProblem {
  @Field(() => CartProblemCode)
  code!: CartProblemCode;

  @Field(() => String)
  message!: string;

  @Field(() => ID, { nullable: true })
  lineId!: string | null;
}

@ObjectType({ implements: UserError })
export class CartEmptyError extends UserError {}

@ObjectType({ implements: UserError })
export class CartNotReadyError extends UserError {
  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [CartProblem])
  problems!: QuoteProblem[];
}

@ObjectType({ implements: UserError })
export class PriceChangedError extends UserError {
  @Field(() => Money)
  expectedTotal!: Amount;

  @Field(() => Money)
  currentTotal!: Amount;
}

const resultTypes = [
  CheckoutPayload,
  CartEmptyError,
  CartNotReadyError,
  PriceChangedError,
  NotFoundError,
  ValidationError,
  IdempotencyConflictError,
  RateLimitedError,
] as const;

export const CheckoutResult = createUnionType({
  name: 'CheckoutResult',
  types: () => resultTypes,
  resolveType: (value) => resultTypes.find((type) => value instanceof type),
});
export type CheckoutResult = typeof CheckoutResult;

export function cartEmptyError(): CartEmptyError {
  return userError(CartEmptyError, { code: 'CART_EMPTY', message: 'There is nothing in this cart to order.' });
}

export function cartNotReadyError(problems: QuoteProblem[]): CartNotReadyError {
  return userError(CartNotReadyError, { code: 'CART_NOT_READY', message: problems.map(({ message }) => message).join(' '), problems });
}

export function priceChangedError(expectedTotal: Amount, currentTotal: Amount): PriceChangedError {
  const message = 'The total has changed; look at the cart again.';
  return userError(PriceChangedError, { code: 'PRICE_CHANGED', message, expectedTotal, currentTotal });
}
