import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '@shop/platform/value-types';
import { Notification } from './notification.entity.js';

@ObjectType()
export class NotificationEdge {
  @Field(() => String)
  cursor!: string;

  @Field(() => Notification)
  node!: Notification;
}

@ObjectType()
export class NotificationConnection {
  @Field(() => [NotificationEdge])
  edges!: NotificationEdge[];

  @Field(() => [Notification])
  nodes!: Notification[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Of all, whatever page and filter.' })
  unreadCount!: number;
}
