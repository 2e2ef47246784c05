import { BigIntType, JsonType } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { GraphQLURL } from 'graphql-scalars';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CardSummary } from './payment.js';
import { PaymentStatus } from './payment-status.js';

registerEnumType(PaymentStatus, { name: 'PaymentStatus' });

@ObjectType()
export class PaymentMethodSummary implements CardSummary {
  @Field(() => String)
  brand!: string;

  @Field(() => String)
  last4!: string;

  @Field(() => Int, { nullable: true })
  expiryMonth!: number | null;

  @Field(() => Int, { nullable: true })
  expiryYear!: number | null;
}

/** One payment of one order, as it is read. Writes go through `advancePayment`. Whoever holds an instance may see it. */
@Entity({ tableName: 'payment' })
@Directive('@key(fields: "id")')
@ObjectType('Payment')
export class PaymentEntity {
  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string;

  @Property({ type: 'text' })
  @Unique({ name: 'payment_order_unique' })
  orderId!: string;

  @Property({ type: 'text', nullable: true })
  customerId!: string | null;

  @Property({ type: 'text' })
  @Field(() => PaymentStatus)
  status!: PaymentStatus;

  @Property({ type: new BigIntType('number') })
  amountMinor!: number;

  @Property({ type: new BigIntType('number') })
  capturedMinor!: number;

  @Property({ type: new BigIntType('number') })
  refundedMinor!: number;

  @Property({ type: 'text' })
  currency!: string;

  /** An order that was called off before anything was authorised: nothing to be seen. */
  @Property({ type: 'boolean' })
  isTombstone!: boolean;

  @Property({ type: JsonType, nullable: true })
  @Field(() => PaymentMethodSummary, { nullable: true, description: 'All that is kept of a card: brand, last four digits, expiry.' })
  method!: PaymentMethodSummary | null;

  @Property({ type: 'text', nullable: true })
  @Field(() => GraphQLURL, {
    nullable: true,
    description: 'Where to send the person when the provider asks for a confirmation (3-D Secure).',
  })
  nextActionUrl!: string | null;

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true })
  declineCode!: string | null;
}
