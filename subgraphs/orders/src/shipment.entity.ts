import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ShipmentStatus, type ShippedQuantity, type TrackingNote } from './shipment.js';

registerEnumType(ShipmentStatus, { name: 'ShipmentStatus' });

@ObjectType()
export class ShipmentLine implements ShippedQuantity {
  @Field(() => ID)
  orderLineId!: string;

  @Field(() => Int)
  quantity!: number;
}

@ObjectType()
export class TrackingEvent implements TrackingNote {
  @Field(() => Date)
  at!: string;

  @Field(() => ShipmentStatus)
  status!: ShipmentStatus;

  @Field(() => String, { nullable: true })
  location!: string | null;

  @Field(() => String)
  message!: string;
}

@ObjectType()
@Entity()
export class Shipment {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'uuid' })
  orderId!: string;

  @Field(() => String)
  @Property({ type: 'text' })
  carrier!: string;

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  trackingNumber!: string | null;

  @Field(() => ShipmentStatus)
  @Property({ type: 'text' })
  status!: ShipmentStatus;

  @Directive('@listSize(assumedSize: 5)')
  @Field(() => [ShipmentLine])
  @Property({ type: 'json' })
  lines!: ShipmentLine[];

  @Directive('@listSize(assumedSize: 6)')
  @Field(() => [TrackingEvent])
  @Property({ type: 'json' })
  events!: TrackingEvent[];

  @Property({ type: 'datetime', columnType: 'timestamptz' })
  createdAt!: Date;
}
