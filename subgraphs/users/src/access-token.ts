import { importJWK, SignJWT, type JWK } from 'jose';
import { MAX_ACCESS_TOKEN_SECONDS } from './config.js';
import { scopesOf } from './roles.js';
import type { SigningKey } from './signing-key.store.js';

export interface AccessTokens {
  /** A signed JWT (EdDSA) that says who this is and what they may do. `expiresAt` is on the second. */
  issue(user: { id: string; roles: readonly string[] }, sessionId: string, now: Date): Promise<{ token: string; expiresAt: Date }>;
  /** The public halves of every key whose tokens may still be about (RFC 7517). */
  keySet: { keys: JWK[] };
}

export interface AccessTokenOptions {
  issuer: string;
  audience: string;
  /** Capped at 600: a revoked session must not live on for longer. */
  lifetimeSeconds: number;
}

/** The first key signs. */
export async function createAccessTokens(
  keys: readonly [SigningKey, ...SigningKey[]],
  { issuer, audience, lifetimeSeconds }: AccessTokenOptions,
): Promise<AccessTokens> {
  const [{ kid, privateJwk }] = keys;
  const key = await importJWK(privateJwk, 'EdDSA');
  const lifetime = Math.min(lifetimeSeconds, MAX_ACCESS_TOKEN_SECONDS);
  return {
    keySet: { keys: keys.map(publicHalf) },
    issue: async ({ id, roles }, sessionId, now) => {
      const issuedAt = Math.floor(now.getTime() / 1000);
      const token = await new SignJWT({ sid: sessionId, roles: [...roles], scopes: scopesOf(roles) })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(id)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetime)
        .sign(key);
      return { token, expiresAt: new Date((issuedAt + lifetime) * 1000) };
    },
  };
}

function publicHalf({ kid, privateJwk: { kty, crv, x } }: SigningKey): JWK {
  return { kty, crv, x, kid, alg: 'EdDSA', use: 'sig' };
}
