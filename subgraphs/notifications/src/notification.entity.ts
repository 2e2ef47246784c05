import { Collection, type Rel } from '@mikro-orm/core';
import { Entity, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum NotificationChannel {
  EMAIL = 'EMAIL',
  SMS = 'SMS',
  PUSH = 'PUSH',
  IN_APP = 'IN_APP',
}
registerEnumType(NotificationChannel, { name: 'NotificationChannel' });

export enum DeliveryStatus {
  QUEUED = 'QUEUED',
  SENT = 'SENT',
  FAILED = 'FAILED',
  SUPPRESSED = 'SUPPRESSED',
}
registerEnumType(DeliveryStatus, { name: 'DeliveryStatus' });

@Entity()
@Directive('@key(fields: "id")')
@ObjectType()
export class Notification {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Field(() => String, { description: 'What it is about, e.g. order-confirmed.' })
  @Property({ type: 'text' })
  topic!: string;

  @Field(() => String)
  @Property({ type: 'text' })
  subject!: string;

  @Field(() => String)
  @Property({ type: 'text' })
  body!: string;

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  readAt!: Date | null;

  /** Whose it is; null for a guest, whom only the mail reaches. */
  @Property({ type: 'text', nullable: true })
  userId!: string | null;

  @Property({ type: 'text', nullable: true })
  orderId!: string | null;

  @OneToMany(() => NotificationDelivery, (delivery) => delivery.notification, { orderBy: { channel: 'asc' } })
  deliveries = new Collection<NotificationDelivery>(this);
}

@Entity()
@ObjectType()
export class NotificationDelivery {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @ManyToOne(() => Notification)
  notification!: Rel<Notification>;

  @Field(() => NotificationChannel)
  @Property({ type: 'text' })
  channel!: NotificationChannel;

  @Field(() => DeliveryStatus)
  @Property({ type: 'text' })
  status!: DeliveryStatus;

  @Field(() => Int)
  @Property({ type: 'integer' })
  attempts!: number;

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  sentAt!: Date | null;
}
