import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { recentKeys } from './recent-keys.js';
import { viewerSchema, type Viewer } from './viewer.js';

/** The header that carries the envelope. A subgraph answers nobody without a valid one. */
export const ENVELOPE_HEADER = 'x-shop-envelope';

/** An envelope is refused when it is older, or further in the future, than this. */
export const ENVELOPE_MAX_AGE_MS = 30_000;

export interface EnvelopeClaims {
  viewer: Viewer;
  locale: string;
  clientAddress: string;
  requestId: string;
  traceparent: string | null;
  /** Milliseconds since 1970; work after it is for nobody. */
  deadlineAtMs: number;
}

const payloadSchema = z.object({
  method: z.string(),
  path: z.string(),
  bodyHash: z.string(),
  issuedAtMs: z.number(),
  nonce: z.string(),
  viewer: viewerSchema,
  locale: z.string(),
  clientAddress: z.string(),
  requestId: z.string(),
  traceparent: z.string().nullable(),
  deadlineAtMs: z.number(),
});

export interface SignedRequest {
  method: string;
  path: string;
  body: string;
}

/** HMAC-SHA256 over method, path, body hash, time, nonce and claims, under the secret that gateway and one subgraph share. */
export function sealEnvelope(request: SignedRequest, claims: EnvelopeClaims, secret: string, nowMs: number): string {
  const payload: z.infer<typeof payloadSchema> = {
    method: request.method,
    path: request.path,
    bodyHash: sha256(request.body),
    issuedAtMs: nowMs,
    nonce: randomBytes(12).toString('base64url'),
    ...claims,
  };
  const encoded = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return `${encoded}.${sign(encoded, secret)}`;
}

export type EnvelopeVerdict = { kind: 'valid'; claims: EnvelopeClaims } | { kind: 'refused'; reason: string };

/**
 * Checks envelopes for one subgraph. Every secret in `secrets` is accepted, so that one can be rotated; a nonce is accepted once.
 */
export function envelopeVerifier(
  secrets: readonly string[],
): (header: string | undefined, request: SignedRequest, nowMs: number) => EnvelopeVerdict {
  // Only what is validly signed gets in, so that nobody else can fill it. A clock ahead makes an envelope good for twice its age.
  const seen = recentKeys(2 * ENVELOPE_MAX_AGE_MS + 1);
  return (header, request, nowMs) => {
    const [encoded, signature, ...rest] = header?.split('.') ?? [];
    if (!encoded || !signature || rest.length > 0) return refused('no envelope');
    if (!secrets.some((secret) => equalInConstantTime(signature, sign(encoded, secret)))) return refused('bad signature');
    const payload = payloadSchema.safeParse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')));
    if (!payload.success) return refused('unknown form');
    const { method, path, bodyHash, issuedAtMs, nonce, ...claims } = payload.data;
    if (Math.abs(nowMs - issuedAtMs) > ENVELOPE_MAX_AGE_MS) return refused('stale');
    if (method !== request.method || path !== request.path || bodyHash !== sha256(request.body)) return refused('of another request');
    if (seen.has(nonce, nowMs)) return refused('replayed');
    seen.add(nonce, nowMs);
    return { kind: 'valid', claims };
  };
}

function refused(reason: string): EnvelopeVerdict {
  return { kind: 'refused', reason };
}

function sign(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}

function equalInConstantTime(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
