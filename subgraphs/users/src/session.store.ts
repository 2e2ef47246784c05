import type { Transaction } from '@shop/platform/database';
import type { Sql } from '@shop/platform/sql';
import { newId } from '@shop/platform/ids';
import { sessionRevoked } from '@shop/events/users';
import { z } from 'zod';
import { hashRefreshToken, newRefreshToken, refreshTokenExpiry, type RefreshTokenRecord } from './refresh-token.js';

/** A session is a family of refresh tokens: each is exchanged for the next, and all end together. */
export interface OpenedSession {
  sessionId: string;
  refreshToken: string;
}

export async function openSession(tx: Sql, userId: string, now: Date): Promise<OpenedSession> {
  const sessionId = newId();
  const refreshToken = newRefreshToken();
  await tx.run(
    `with opened as (insert into session (id, user_id, created_at, last_refreshed_at) values ($1, $2, $3, $3) returning id)
     insert into refresh_token (token_hash, session_id, expires_at) select $4, id, $5 from opened`,
    [sessionId, userId, now.toISOString(), hashRefreshToken(refreshToken), refreshTokenExpiry(now, now).toISOString()],
  );
  return { sessionId, refreshToken };
}

/**
 * Taken before anything is decided about a person's sessions or address book: two decisions about one person wait for each other, and
 * their events keep their order. False when there is no such person.
 */
export async function lockUser(tx: Sql, userId: string): Promise<boolean> {
  return (await tx.rows(z.unknown(), `select 1 from users where id = $1 for no key update`, [userId])).length === 1;
}

export type PresentedToken = RefreshTokenRecord & { sessionId: string; sessionCreatedAt: Date };

const ownerRow = z.object({ user_id: z.string() });

/** Whose refresh token this is; null when it is not known. */
export async function ownerOfToken(tx: Sql, tokenHash: Buffer): Promise<string | null> {
  const [row] = await tx.rows(
    ownerRow,
    `select s.user_id from refresh_token t join session s on s.id = t.session_id where t.token_hash = $1`,
    [tokenHash],
  );
  return row?.user_id ?? null;
}

const presentedRow = z
  .object({
    session_id: z.string(),
    created_at: z.coerce.date(),
    expires_at: z.coerce.date(),
    rotated_at: z.coerce.date().nullable(),
    revoked_at: z.coerce.date().nullable(),
  })
  .transform((row): PresentedToken => ({
    sessionId: row.session_id,
    sessionCreatedAt: row.created_at,
    expiresAt: row.expires_at,
    rotatedAt: row.rotated_at,
    sessionRevokedAt: row.revoked_at,
  }));

/** To be read under the user's lock. */
export async function readToken(tx: Sql, tokenHash: Buffer): Promise<PresentedToken | null> {
  const [token] = await tx.rows(
    presentedRow,
    `select t.session_id, s.created_at, t.expires_at, t.rotated_at, s.revoked_at
     from refresh_token t join session s on s.id = t.session_id where t.token_hash = $1`,
    [tokenHash],
  );
  return token ?? null;
}

/** Gives out the next refresh token of a session. The first exchange of the old one starts its grace time; a repetition leaves that. */
export async function exchangeToken(tx: Sql, tokenHash: Buffer, token: PresentedToken, now: Date): Promise<string> {
  const next = newRefreshToken();
  await tx.run(
    `with spent as (update refresh_token set rotated_at = coalesce(rotated_at, $1) where token_hash = $2),
          refreshed as (update session set last_refreshed_at = $1 where id = $3)
     insert into refresh_token (token_hash, session_id, expires_at) values ($4, $3, $5)`,
    [now.toISOString(), tokenHash, token.sessionId, hashRefreshToken(next), refreshTokenExpiry(token.sessionCreatedAt, now).toISOString()],
  );
  return next;
}

export interface Revocation {
  userId: string;
  sessionId: string;
  traceparent: string | null;
}

/** Ends a session and tells everybody, once. Needs the user's lock. */
export async function revokeSession(tx: Transaction, { userId, sessionId, traceparent }: Revocation, now: Date): Promise<void> {
  const revoked = await tx.run(`update session set revoked_at = $1 where id = $2 and user_id = $3 and revoked_at is null`, [
    now.toISOString(),
    sessionId,
    userId,
  ]);
  if (revoked === 1) tx.emit(sessionRevoked, { aggregateId: userId, traceparent }, { userId, sessionId });
}
