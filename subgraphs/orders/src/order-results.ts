import { IllegalTransitionError, NotFoundError, ValidationError } from '@shop/platform/user-errors';
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Order } from './order.entity.js';
import { ShipmentStatus } from './shipment.js';

@InputType()
export class CancelOrderInput {
  @Field(() => ID)
  orderId!: string;

  @Field(() => String, { nullable: true })
  reason?: string | null;
}

@InputType()
export class ShipmentLineInput {
  @Field(() => ID)
  orderLineId!: string;

  @Field(() => Int)
  quantity!: number;
}

@InputType()
export class CreateShipmentInput {
  @Field(() => ID)
  orderId!: string;

  @Field(() => String)
  carrier!: string;

  @Field(() => String, { nullable: true })
  trackingNumber?: string | null;

  @Field(() => [ShipmentLineInput], { nullable: true, description: 'Left out: everything not yet shipped.' })
  lines?: ShipmentLineInput[] | null;
}

@InputType()
export class AddTrackingEventInput {
  @Field(() => ID)
  shipmentId!: string;

  @Field(() => ShipmentStatus)
  status!: ShipmentStatus;

  @Field(() => String, { nullable: true })
  location?: string | null;

  @Field(() => String)
  message!: string;
}

@ObjectType()
export class OrderPayload {
  @Field(() => Order)
  order!: Order;
}

const resultTypes = [OrderPayload, NotFoundError, IllegalTransitionError, ValidationError] as const;

export const OrderResult = createUnionType({
  name: 'OrderResult',
  types: () => resultTypes,
  resolveType: (value) => resultTypes.find((type) => value instanceof type),
});
export type OrderResult = typeof OrderResult;

export function orderPayload(order: Order): OrderPayload {
  return Object.assign(new OrderPayload(), { order });
}
