import { createHash, randomBytes } from 'node:crypto';

/** A client that lost the answer, or asked twice at once, may use the same token again for so long. */
const GRACE_MS = 10_000;

const DAY_MS = 86_400_000;
const TOKEN_LIFETIME_MS = 30 * DAY_MS;
/** However often it is refreshed: after half a year the password is asked for again. */
const SESSION_LIFETIME_MS = 180 * DAY_MS;

export interface RefreshTokenRecord {
  expiresAt: Date;
  /** When it was first exchanged for another one. */
  rotatedAt: Date | null;
  sessionRevokedAt: Date | null;
}

export type RefreshDecision =
  /** Good: exchange it. */
  | 'rotate'
  /** Exchanged a moment ago: give another one of the same session. */
  | 'repeat'
  /** Exchanged long ago: two parties hold it, so end the session (RFC 9700, section 4.14.2). */
  | 'reused'
  | 'refused';

/** What to do with a refresh token that is presented at `now`; null stands for one that is not known. */
export function decideRefresh(record: RefreshTokenRecord | null, now: Date): RefreshDecision {
  if (record === null || record.expiresAt <= now) return 'refused';
  if (record.rotatedAt !== null && now.getTime() - record.rotatedAt.getTime() > GRACE_MS) return 'reused';
  if (record.sessionRevokedAt !== null) return 'refused';
  return record.rotatedAt === null ? 'rotate' : 'repeat';
}

/** Until when a token of this session is good that is made at `now`: 30 days, but not past the session's 180 days. */
export function refreshTokenExpiry(sessionCreatedAt: Date, now: Date): Date {
  return new Date(Math.min(now.getTime() + TOKEN_LIFETIME_MS, sessionCreatedAt.getTime() + SESSION_LIFETIME_MS));
}

/** An opaque token: 256 random bits. */
export function newRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The form in which a refresh token is stored. It has full entropy, so that a fast hash is enough. */
export function hashRefreshToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
