import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { signOrderToken, verifyOrderToken } from './order-token.js';

const secret = 'an-order-token-secret-of-32-characters';
const placedAt = new Date('2026-03-01T10:00:00.123Z');
const order = { id: '0195f000-0000-7000-8000-000000000001', placedAt };
const token = signOrderToken(order, secret);

const forge = (header: unknown, claims: unknown, key = secret): string => {
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
};

test('a token opens its order for 90 days', () => {
  expect(verifyOrderToken(token, secret, new Date('2026-05-30T09:59:59Z'))).toEqual({ kind: 'valid', orderId: order.id });
  expect(verifyOrderToken(token, secret, new Date('2026-05-30T10:00:00Z'))).toEqual({ kind: 'expired' });
});

test('the same order gets the same token', () => {
  expect(signOrderToken({ ...order }, secret)).toBe(token);
});

test('another secret, another text and another algorithm are refused', () => {
  const claims = { iss: 'orders', aud: 'shop', order: order.id, iat: 1, exp: 9_999_999_999 };
  const header = { alg: 'HS256', typ: 'order+jwt' };
  const refused = [
    signOrderToken(order, `${secret}x`),
    `${token}x`,
    token.replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString('base64url')),
    forge({ alg: 'none', typ: 'order+jwt' }, claims),
    forge({ alg: 'HS256', typ: 'JWT' }, claims),
    forge(header, { ...claims, aud: 'elsewhere' }),
    forge(header, { ...claims, iss: 'users' }),
    forge(header, { ...claims, order: 7 }),
    forge(header, 'text'),
    '',
    'a.b',
    'a.b.c.d',
  ];
  for (const bad of refused) expect(verifyOrderToken(bad, secret, placedAt)).toEqual({ kind: 'invalid' });
  expect(verifyOrderToken(forge(header, claims), secret, placedAt).kind).toBe('valid');
});
