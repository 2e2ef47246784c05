import { z } from 'zod';
import type { PageRequest } from '@shop/platform/connection';
import type { Database } from '@shop/platform/database';
import type { Sql } from '@shop/platform/sql';
import { isUuid } from '@shop/platform/ids';
import { Notification } from './notification.entity.js';

/** The key that the list is sorted by: ids rise with time. */
export const notificationCursor = z.tuple([z.uuid()]);

/** A person's own, newest first, one more than asked for. */
export function pageOfUser(
  db: Database,
  userId: string,
  { first, after }: PageRequest<[string]>,
  unreadOnly: boolean,
): Promise<Notification[]> {
  const where = { userId, ...(after && { id: { $lt: after[0] } }), ...(unreadOnly && { readAt: null }) };
  return db.em().find(Notification, where, { orderBy: { id: 'desc' }, limit: first + 1, populate: ['deliveries'] });
}

/** Those of `ids` that are this person's. */
export async function notificationsOfUser(db: Database, userId: string, ids: readonly string[]): Promise<Map<string, Notification>> {
  const found = await db.em().find(Notification, { userId, id: { $in: ids.filter(isUuid) } }, { populate: ['deliveries'] });
  return new Map(found.map((notification) => [notification.id, notification]));
}

export async function countUnread(sql: Sql, userId: string): Promise<number> {
  const [row] = await sql.rows(
    z.object({ n: z.number() }),
    `select count(*)::int as n from notification where user_id = $1 and read_at is null`,
    [userId],
  );
  return row?.n ?? 0;
}

/** Keeps the instant of the first reading. False when this person has no such notification. Repeatable. */
export async function markRead(sql: Sql, userId: string, id: string, at: Date): Promise<boolean> {
  if (!isUuid(id)) return false;
  return (await sql.run(`update notification set read_at = coalesce(read_at, $3) where id = $1 and user_id = $2`, [id, userId, at])) === 1;
}
