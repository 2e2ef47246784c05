import { Scopes } from '@shop/platform/scopes';
import {
  IdempotencyConflictError,
  idempotencyConflictError,
  IllegalTransitionError,
  illegalTransitionError,
  NotFoundError,
  notFoundError,
  userError,
  UserError,
  ValidationError,
  validationError,
} from '@shop/platform/user-errors';
import { validate } from '@shop/platform/validation';
import { Money, MoneyInput } from '@shop/platform/value-types';
import { Arg, createUnionType, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { z } from 'zod';
import type { PaymentsContext } from './context.js';
import { transitions } from './payment-status.js';
import { PaymentEntity } from './payment.entity.js';
import { refundPayment, type RefundOutcome } from './refund-payment.js';

@InputType()
export class RefundPaymentInput {
  @Field(() => ID)
  paymentId!: string;

  @Field(() => MoneyInput, { nullable: true, description: 'Left out: all that is captured and not yet refunded.' })
  amount?: MoneyInput | null;

  @Field(() => String)
  reason!: string;

  @Field(() => String)
  idempotencyKey!: string;
}

@ObjectType()
export class PaymentPayload {
  @Field(() => PaymentEntity)
  payment!: PaymentEntity;
}

@ObjectType({ implements: UserError })
export class RefundExceedsCaptureError extends UserError {
  @Field(() => Money)
  refundable!: Money;
}

const members = [
  PaymentPayload,
  RefundExceedsCaptureError,
  IllegalTransitionError,
  NotFoundError,
  IdempotencyConflictError,
  ValidationError,
] as const;

const RefundPaymentResult = createUnionType({
  name: 'RefundPaymentResult',
  types: () => members,
  resolveType: (value) => members.find((member) => value instanceof member),
});

const refundInput = z.object({
  paymentId: z.string().max(100),
  amount: z
    .object({ amountMinor: z.int().positive(), currency: z.string() })
    .nullish()
    .transform((amount) => amount ?? null),
  reason: z.string().trim().min(1).max(500),
  idempotencyKey: z.string().min(1).max(255),
});

@Resolver()
export class RefundResolver {
  @Scopes('payments:write')
  @Mutation(() => RefundPaymentResult, { description: 'Staff.' })
  async refundPayment(
    @Arg('input', () => RefundPaymentInput) input: RefundPaymentInput,
    @Ctx() context: PaymentsContext,
  ): Promise<typeof RefundPaymentResult> {
    const checked = validate(refundInput, input);
    if (checked.kind === 'invalid') return checked.error;
    return answerOf(await refundPayment(checked.value, context), context);
  }
}

async function answerOf(outcome: RefundOutcome, { db }: PaymentsContext): Promise<typeof RefundPaymentResult> {
  switch (outcome.kind) {
    case 'begun':
      return Object.assign(new PaymentPayload(), { payment: await db.em().findOneOrFail(PaymentEntity, { id: outcome.paymentId }) });
    case 'exceeds':
      return userError(RefundExceedsCaptureError, {
        code: 'REFUND_EXCEEDS_CAPTURE',
        message: 'This is more than what was captured and not refunded yet.',
        refundable: Object.assign(new Money(), outcome.refundable),
      });
    case 'not-captured':
      return illegalTransitionError(outcome.from, 'REFUNDED', [...transitions[outcome.from]]);
    case 'not-found':
      return notFoundError('Payment');
    case 'other-currency':
      return validationError([{ path: ['amount', 'currency'], message: `The payment is in ${outcome.currency}.` }]);
    case 'key-conflict':
      return idempotencyConflictError(outcome.retryable);
    default:
      return outcome satisfies never;
  }
}
