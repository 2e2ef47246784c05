import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { ORDER_SECRET } from './live-gateway.js';

/** Of whoever may read one order; `expires` as jose takes it. */
export function orderToken(order: string, expires: string | Date = '1h'): Promise<string> {
  return new SignJWT({ order })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('orders')
    .setAudience('shop')
    .setExpirationTime(expires)
    .sign(createSecretKey(Buffer.from(ORDER_SECRET)));
}
