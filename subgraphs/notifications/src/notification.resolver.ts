import { Arg, createUnionType, Ctx, Directive, Field, FieldResolver, ID, Int, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { pageRequest, toPage } from '@shop/platform/connection';
import { batchedReference, type ReferenceResolver } from '@shop/platform/reference';
import { requireUserId } from '@shop/platform/scopes';
import { NotFoundError, notFoundError, resolveUnionType } from '@shop/platform/user-errors';
import { viewerUserId } from '@shop/platform/viewer';
import { NotifiedOrder, NotifiedUser } from './borrowed.js';
import type { NotificationsContext } from './context.js';
import { NotificationConnection } from './notification-connection.js';
import { Notification, NotificationDelivery } from './notification.entity.js';
import { countUnread, markRead, notificationCursor, notificationsOfUser, pageOfUser } from './notification.store.js';

@ObjectType()
export class NotificationPayload {
  @Field(() => Notification)
  notification!: Notification;
}

export const MarkNotificationReadResult = createUnionType({
  name: 'MarkNotificationReadResult',
  types: () => [NotificationPayload, NotFoundError] as const,
  resolveType: resolveUnionType,
});

@Resolver(() => Notification)
export class NotificationResolver {
  @FieldResolver(() => NotifiedOrder, { nullable: true })
  order(@Root() { orderId }: Notification): NotifiedOrder | null {
    return orderId === null ? null : { id: orderId };
  }

  @Directive('@listSize(assumedSize: 3)')
  @FieldResolver(() => [NotificationDelivery])
  deliveries(@Root() { deliveries }: Notification): NotificationDelivery[] {
    return deliveries.getItems();
  }

  @Mutation(() => MarkNotificationReadResult)
  async markNotificationRead(
    @Arg('id', () => ID) id: string,
    @Ctx() { viewer, db, clock }: NotificationsContext,
  ): Promise<NotificationPayload | NotFoundError> {
    const userId = requireUserId(viewer);
    if (!(await markRead(db, userId, id, clock.now()))) return notFoundError('Notification');
    const notification = (await notificationsOfUser(db, userId, [id])).get(id.toLowerCase());
    return notification ? Object.assign(new NotificationPayload(), { notification }) : notFoundError('Notification');
  }
}

@Resolver(() => NotifiedUser)
export class UserNotificationsResolver {
  @FieldResolver(() => NotificationConnection, { nullable: true, description: 'Newest first; only for the person themselves.' })
  async notifications(
    @Root() user: NotifiedUser,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('unreadOnly', () => Boolean, { nullable: true, defaultValue: false }) unreadOnly: boolean | null,
    @Ctx() { viewer, db }: NotificationsContext,
  ): Promise<NotificationConnection | null> {
    if (viewerUserId(viewer) !== user.id) return null;
    const request = pageRequest(notificationCursor, first, after);
    const [rows, unreadCount] = await Promise.all([pageOfUser(db, user.id, request, unreadOnly ?? false), countUnread(db, user.id)]);
    return { ...toPage(rows, request, ({ id }) => [id]), unreadCount };
  }
}

/** By id, for the person whose it is; null for everybody else. */
export const notificationReference = batchedReference<{ id: string }, NotificationsContext, Notification>(
  ({ id }) => id,
  async (ids, { db, viewer }) => {
    const userId = viewerUserId(viewer);
    return userId === null ? new Map() : notificationsOfUser(db, userId, ids);
  },
);

/** Whether the person exists is users' to say; here every key is answered. */
export const userReference: ReferenceResolver<{ id: string }, NotificationsContext> = async ({ id }) => ({ id });
