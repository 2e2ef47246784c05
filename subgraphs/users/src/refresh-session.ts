import type { RequestContext } from '@shop/platform/request-context';
import type { Transaction } from '@shop/platform/database';
import type { UsersServices } from './context.js';
import { decideRefresh, hashRefreshToken } from './refresh-token.js';
import { exchangeToken, lockUser, ownerOfToken, readToken, revokeSession, type OpenedSession } from './session.store.js';
import { User } from './user.entity.js';

export type Refreshed =
  | { kind: 'refreshed'; user: User; session: OpenedSession }
  /** Unknown, expired, or its session has ended. */
  | { kind: 'refused' }
  /** Exchanged before: the session has ended, for whoever holds a token of it. */
  | { kind: 'reused' };

/** Exchanges a refresh token for the next one. May be repeated with the same token for ten seconds. */
export async function refreshSession({ db, clock }: UsersServices, token: string, { traceparent }: RequestContext): Promise<Refreshed> {
  const tokenHash = hashRefreshToken(token);
  return await db.transaction(async (tx) => {
    const userId = await ownerOfToken(tx, tokenHash);
    if (userId === null || !(await lockUser(tx, userId))) return { kind: 'refused' };
    return await decideUnderLock(tx, { tokenHash, userId, traceparent, now: clock.now() });
  });
}

interface Presented {
  tokenHash: Buffer;
  userId: string;
  traceparent: string | null;
  now: Date;
}

async function decideUnderLock(tx: Transaction, { tokenHash, userId, traceparent, now }: Presented): Promise<Refreshed> {
  const token = await readToken(tx, tokenHash);
  const decision = decideRefresh(token, now);
  if (token === null) return { kind: 'refused' };
  const { sessionId } = token;
  switch (decision) {
    case 'refused':
      return { kind: 'refused' };
    case 'reused':
      await revokeSession(tx, { userId, sessionId, traceparent }, now);
      return { kind: 'reused' };
    case 'rotate':
    case 'repeat': {
      const refreshToken = await exchangeToken(tx, tokenHash, token, now);
      return { kind: 'refreshed', user: await tx.em.findOneOrFail(User, { id: userId }), session: { sessionId, refreshToken } };
    }
    default:
      return decision satisfies never;
  }
}

/** Ends the session that the viewer came with. Repeatable. */
export async function signOut({ db, clock }: UsersServices, { viewer, traceparent }: RequestContext): Promise<boolean> {
  if (viewer.kind !== 'user') return false;
  const { userId, sessionId } = viewer;
  return await db.transaction(async (tx) => {
    if (!(await lockUser(tx, userId))) return false;
    await revokeSession(tx, { userId, sessionId, traceparent }, clock.now());
    return true;
  });
}
