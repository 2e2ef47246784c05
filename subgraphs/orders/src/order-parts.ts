import type { Amount } from '@shop/platform/money';
import { Money } from '@shop/platform/value-types';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { DraftLine, OrderTotals } from './order-content.js';
import { OrderStatus, type TimelineEntry } from './order.js';

registerEnumType(OrderStatus, { name: 'OrderStatus' });

@ObjectType()
export class OrderLine implements DraftLine {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'A snapshot: stays as bought when the catalog changes.' })
  sku!: string;

  @Field(() => String)
  productName!: string;

  @Field(() => String)
  variantName!: string;

  @Field(() => Money)
  unitPrice!: Amount;

  @Field(() => Int)
  quantity!: number;

  @Field(() => Money)
  lineTotal!: Amount;
}

@ObjectType()
export class OrderTimelineEntry implements TimelineEntry {
  @Field(() => Int)
  revision!: number;

  @Field(() => Date)
  at!: string;

  @Field(() => OrderStatus)
  status!: OrderStatus;

  @Field(() => String)
  message!: string;

  @Field(() => String, { description: '`guest`, `shop`, `user:<id>`, or for other than staff `staff`: who took the step.' })
  actor!: string;
}

@Directive('@shareable')
@ObjectType()
export class CartTotals implements OrderTotals {
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
