import { AuthSession } from './auth-results.js';
import type { UsersServices } from './context.js';
import type { OpenedSession } from './session.store.js';
import type { User } from './user.entity.js';

/** What a client gets for an open session: a short-lived access token, and a refresh token for the next one. */
export async function authSession(
  { accessTokens, clock }: UsersServices,
  user: User,
  { sessionId, refreshToken }: OpenedSession,
): Promise<AuthSession> {
  const { token, expiresAt } = await accessTokens.issue(user, sessionId, clock.now());
  return Object.assign(new AuthSession(), { accessToken: token, accessTokenExpiresAt: expiresAt, refreshToken, user });
}
