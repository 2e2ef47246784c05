import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** How long a guest may follow an order with its token. */
const ORDER_TOKEN_DAYS = 90;

const HEADER = { alg: 'HS256', typ: 'order+jwt' } as const;

const headerSchema = z.object({ alg: z.literal('HS256'), typ: z.literal('order+jwt') });
const claimsSchema = z.object({ iss: z.literal('orders'), aud: z.literal('shop'), order: z.string(), iat: z.int(), exp: z.int() });

/**
 * The token that lets a guest read and follow one order: a JWT (RFC 7519) signed with HMAC-SHA256, good for 90 days from `placedAt`.
 * Equal arguments make an equal token, so it need not be stored to be given out again.
 */
export function signOrderToken(order: { id: string; placedAt: Date }, secret: string): string {
  const iat = Math.floor(order.placedAt.getTime() / 1000);
  const claims = { iss: 'orders', aud: 'shop', order: order.id, iat, exp: iat + ORDER_TOKEN_DAYS * 86_400 };
  const signed = `${encode(HEADER)}.${encode(claims)}`;
  return `${signed}.${signatureOf(signed, secret).toString('base64url')}`;
}

export type OrderTokenVerdict = { kind: 'valid'; orderId: string } | { kind: 'invalid' } | { kind: 'expired' };

/** Which order a token opens at `now`. Says nothing about why a token is invalid. */
export function verifyOrderToken(token: string, secret: string, now: Date): OrderTokenVerdict {
  const [header, payload, signature, ...rest] = token.split('.');
  if (!header || !payload || !signature || rest.length > 0) return { kind: 'invalid' };
  const given = Buffer.from(signature, 'base64url');
  const expected = signatureOf(`${header}.${payload}`, secret);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { kind: 'invalid' };
  const claims = claimsSchema.safeParse(decode(payload));
  if (!headerSchema.safeParse(decode(header)).success || !claims.success) return { kind: 'invalid' };
  return claims.data.exp * 1000 <= now.getTime() ? { kind: 'expired' } : { kind: 'valid', orderId: claims.data.order };
}

function signatureOf(text: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
