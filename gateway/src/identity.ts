import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { hashApiKey, isApiKey } from '@shop/platform/api-key';
import { unauthenticated } from '@shop/platform/graphql-errors';
import { recentKeys } from '@shop/platform/recent-keys';
import { anonymous, type Viewer } from '@shop/platform/viewer';
import type { PartnerDirectory } from './partners/partner-directory.js';

export interface IdentityOptions {
  issuer: string;
  audience: string;
  orderTokenSecrets: readonly string[];
  /** The key set of the users subgraph. */
  fetchKeys(): Promise<unknown>;
  /** Who holds API keys; without it none is any good. */
  partners?: Pick<PartnerDirectory, 'holderOf'>;
}

export interface Credential {
  viewer: Viewer;
  /** Milliseconds since 1970; null when nothing expires. */
  expiresAtMs: number | null;
  /** Of a partner: the hash of its key. */
  keyHash?: string;
  /** The header as it came, where subgraphs judge it themselves. */
  authorization?: string | null;
}

export interface Identity {
  /**
   * Who the bearer of an Authorization header is; no header means anonymous. Throws UNAUTHENTICATED for anything that is not a valid
   * access token, order token or API key: a client that means to be somebody must not silently be nobody. Throws SERVICE_UNAVAILABLE
   * when nobody can tell whose an API key is.
   */
  authenticate(authorization: string | undefined): Promise<Credential>;
  /** From now on no access token of this session is valid. Remembered in this process until all of them have expired. */
  revoke(sessionId: string): void;
}

/** Longer than an access token lives (10 minutes, and the leeway). */
const REVOKED_FOR_MS = 15 * 60_000;

/** Clocks may differ by this much. */
const LEEWAY_SECONDS = 60;

/** An unknown key id makes us read the key set again, at most this often. */
const KEYS_MIN_AGE_MS = 5_000;

const accessClaims = z.object({
  sub: z.string(),
  sid: z.string(),
  roles: z.array(z.string()),
  scopes: z.array(z.string()),
  exp: z.number(),
});
const orderClaims = z.object({ order: z.string(), exp: z.number() });

export function createIdentity({ issuer, audience, orderTokenSecrets, fetchKeys, partners }: IdentityOptions): Identity {
  const known = new LRUCache<string, Credential>({ max: 20_000 });
  const revoked = recentKeys(REVOKED_FOR_MS);
  const keys = rememberedKeys(fetchKeys);

  const accessToken = async (token: string): Promise<Credential> => {
    const options = { issuer, audience, algorithms: ['EdDSA'], clockTolerance: LEEWAY_SECONDS };
    const { payload } = await keys.verify((keySet) => jwtVerify(token, keySet, options));
    const { sub, sid, roles, scopes, exp } = accessClaims.parse(payload);
    return { viewer: { kind: 'user', userId: sub, sessionId: sid, roles, scopes }, expiresAtMs: exp * 1000 };
  };
  const orderToken = async (token: string): Promise<Credential> => {
    const payload = await verifyWithAny(token, orderTokenSecrets, audience);
    const { order, exp } = orderClaims.parse(payload);
    return { viewer: { kind: 'order-token', orderId: order }, expiresAtMs: exp * 1000 };
  };

  const apiKey = async (key: string): Promise<Credential> => {
    const keyHash = hashApiKey(key);
    const partner = await partners?.holderOf(keyHash);
    if (!partner) throw unauthenticated();
    return { viewer: { kind: 'partner', clientId: partner.clientId, scopes: partner.scopes }, expiresAtMs: null, keyHash };
  };

  const verified = async (token: string): Promise<Credential> => {
    const remembered = known.get(token);
    if (remembered) return remembered;
    const credential = await (issuerOf(token) === 'orders' ? orderToken(token) : accessToken(token)).catch((error: unknown) => {
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) throw unauthenticated();
      throw error;
    });
    const ttl = (credential.expiresAtMs ?? 0) + LEEWAY_SECONDS * 1000 - Date.now();
    if (ttl > 0) known.set(token, credential, { ttl });
    return credential;
  };

  return {
    authenticate: async (authorization) => {
      if (!authorization) return { viewer: anonymous, expiresAtMs: null };
      const bearer = /^Bearer ([\w.-]+)$/i.exec(authorization)?.[1] ?? '';
      if (isApiKey(bearer)) return await apiKey(bearer);
      const token = /^[\w-]+\.[\w-]+\.[\w-]+$/.exec(bearer)?.[0];
      if (!token) throw unauthenticated();
      const credential = await verified(token);
      if (credential.viewer.kind !== 'user' || !revoked.has(credential.viewer.sessionId, Date.now())) return credential;
      known.delete(token);
      throw unauthenticated();
    },
    revoke: (sessionId) => revoked.add(sessionId, Date.now()),
  };
}

/** Read before the signature is checked, only to choose the key that it is checked with. */
function issuerOf(token: string): unknown {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof payload === 'object' && payload !== null && 'iss' in payload ? payload.iss : null;
  } catch {
    return null;
  }
}

async function verifyWithAny(token: string, secrets: readonly string[], audience: string): Promise<JWTPayload> {
  let failure: unknown;
  for (const secret of secrets) {
    try {
      const options = { issuer: 'orders', audience, algorithms: ['HS256'], clockTolerance: LEEWAY_SECONDS };
      return (await jwtVerify(token, Buffer.from(secret), options)).payload;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function rememberedKeys(fetchKeys: () => Promise<unknown>) {
  let current: { keySet: ReturnType<typeof createLocalJWKSet>; readAtMs: number } | null = null;
  const read = async () => {
    const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }).parse(await fetchKeys());
    current = { keySet: createLocalJWKSet(jwks satisfies JSONWebKeySet), readAtMs: Date.now() };
    return current;
  };
  return {
    verify: async <T>(check: (keySet: ReturnType<typeof createLocalJWKSet>) => Promise<T>): Promise<T> => {
      const { keySet, readAtMs } = current ?? (await read());
      try {
        return await check(keySet);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey) || Date.now() - readAtMs < KEYS_MIN_AGE_MS) throw error;
        return check((await read()).keySet);
      }
    },
  };
}
