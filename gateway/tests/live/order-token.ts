import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { TEST_ORDER_SECRET } from '@shop/tests/kit/gateway-config';

/** Of whoever may read one order; `expires` as jose takes it. */
export function orderToken(order: string, expires: string | Date = '1h'): Promise<string> {
  return new SignJWT({ order })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('orders')
    .setAudience('shop')
    .setExpirationTime(expires)
    .sign(createSecretKey(Buffer.from(TEST_ORDER_SECRET)));
}
