import { isUuid } from '@shop/platform/ids';
import { batchedReference } from '@shop/platform/reference';
import { hasScope, viewerUserId, type Viewer } from '@shop/platform/viewer';
import { Ctx, Query, Resolver } from 'type-graphql';
import type { UsersContext } from './context.js';
import { User } from './user.entity.js';

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, { nullable: true, description: 'Null without a session.' })
  async me(@Ctx() { viewer, db }: UsersContext): Promise<User | null> {
    const userId = viewerUserId(viewer);
    return userId === null || !isUuid(userId) ? null : await db.em().findOne(User, { id: userId });
  }
}

/** Finds people by id for other subgraphs: oneself, or anybody with the scope users:read; everybody else is as good as missing. */
export const userReference = batchedReference<{ id: string }, UsersContext, User>(
  ({ id }) => id,
  async (ids, { db, viewer }) => {
    const visible = ids.filter((id) => isUuid(id) && maySee(viewer, id));
    if (visible.length === 0) return new Map();
    const users = await db.em().find(User, { id: { $in: visible } });
    return new Map(users.map((user) => [user.id, user]));
  },
);

function maySee(viewer: Viewer, userId: string): boolean {
  return viewerUserId(viewer) === userId || hasScope(viewer, 'users:read');
}
