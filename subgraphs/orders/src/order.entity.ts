import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { PageInfo, PostalAddress } from '@shop/platform/value-types';
import { GraphQLEmailAddress } from 'graphql-scalars';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import type { OrderAddress } from './order-content.js';
import { CartTotals, DeliveryOption, OrderLine, OrderTimelineEntry } from './order-parts.js';
import { OrderStatus } from './order.js';

/** One row: lines and timeline are inside it, so that a page of orders is one read and a step one write. */
@Directive('@key(fields: "id")')
@Directive('@key(fields: "number")')
@ObjectType()
@Entity({ tableName: 'orders' })
export class Order {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Field(() => String, { description: 'For people, e.g. S-100042.' })
  @Property({ type: 'text', unique: true })
  number!: string;

  @Field(() => OrderStatus)
  @Property({ type: 'text' })
  status!: OrderStatus;

  @Field(() => Int, { description: 'Rises by one with every status change; the cursor of orderStatusChanged.' })
  @Property({ type: 'integer' })
  revision!: number;

  @Field(() => String, { nullable: true, description: 'Why it was rejected or cancelled.' })
  @Property({ type: 'text', nullable: true })
  statusReason!: string | null;

  /** null for a guest. */
  @Property({ type: 'text', nullable: true })
  customerId!: string | null;

  @Field(() => GraphQLEmailAddress)
  @Property({ type: 'text' })
  email!: string;

  @Property({ type: 'text' })
  locale!: string;

  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [OrderLine])
  @Property({ type: 'json' })
  lines!: OrderLine[];

  @Field(() => CartTotals)
  @Property({ type: 'json' })
  totals!: CartTotals;

  @Field(() => PostalAddress)
  @Property({ type: 'json' })
  shippingAddress!: OrderAddress;

  @Field(() => DeliveryOption)
  @Property({ type: 'json' })
  deliveryOption!: DeliveryOption;

  @Directive('@listSize(assumedSize: 8)')
  @Field(() => [OrderTimelineEntry])
  @Property({ type: 'json' })
  timeline!: OrderTimelineEntry[];

  @Field(() => Date)
  @Property({ type: 'datetime', columnType: 'timestamptz' })
  placedAt!: Date;
}

@ObjectType()
export class OrderEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => Order)
  node!: Order;
}

@ObjectType()
export class OrderConnection {
  @Field(() => [OrderEdge])
  edges!: OrderEdge[];

  @Field(() => [Order])
  nodes!: Order[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}
