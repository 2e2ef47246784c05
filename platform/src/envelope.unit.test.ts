import { describe, expect, it } from 'vitest';
import { ENVELOPE_MAX_AGE_MS, envelopeVerifier, sealEnvelope, type EnvelopeClaims } from './envelope.js';

const secret = 'the-secret-of-this-subgraph-has-32-characters';
const request = { method: 'POST', path: '/graphql', body: '{"query":"{ me { id } }"}' };
const claims: EnvelopeClaims = {
  viewer: { kind: 'order-token', orderId: 'o1' },
  locale: 'de',
  clientAddress: '::1',
  requestId: 'r1',
  traceparent: null,
  deadlineAtMs: 5_000,
};
const now = 1_800_000_000_000;
const reasonOf = (verdict: ReturnType<ReturnType<typeof envelopeVerifier>>) => (verdict.kind === 'refused' ? verdict.reason : 'valid');

describe('an envelope', () => {
  it('brings the claims that were sealed', () => {
    expect(envelopeVerifier([secret])(sealEnvelope(request, claims, secret, now), request, now)).toEqual({ kind: 'valid', claims });
  });

  it('is refused when it is missing, torn, or signed by another', () => {
    const verify = envelopeVerifier([secret]);
    const envelope = sealEnvelope(request, claims, 'the-secret-of-another-subgraph-is-different', now);
    expect([undefined, '', 'a.b', 'a.b.c', envelope].map((header) => reasonOf(verify(header, request, now)))).toEqual([
      'no envelope',
      'no envelope',
      'bad signature',
      'no envelope',
      'bad signature',
    ]);
  });

  it('is refused with other claims under the old signature', () => {
    const [payload = '', signature = ''] = sealEnvelope(request, claims, secret, now).split('.');
    const forged = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('o1', 'o2')).toString('base64url');
    expect(reasonOf(envelopeVerifier([secret])(`${forged}.${signature}`, request, now))).toBe('bad signature');
  });

  it.each([
    ['another body', { ...request, body: '{}' }],
    ['another path', { ...request, path: '/other' }],
    ['another method', { ...request, method: 'GET' }],
  ])('is refused for %s', (_, other) => {
    expect(reasonOf(envelopeVerifier([secret])(sealEnvelope(request, claims, secret, now), other, now))).toBe('of another request');
  });

  it('is good once, and for 30 seconds', () => {
    const verify = envelopeVerifier([secret]);
    const envelope = sealEnvelope(request, claims, secret, now);
    expect(reasonOf(verify(envelope, request, now + ENVELOPE_MAX_AGE_MS + 1))).toBe('stale');
    expect(reasonOf(verify(envelope, request, now - ENVELOPE_MAX_AGE_MS - 1))).toBe('stale');
    expect(reasonOf(verify(envelope, request, now + ENVELOPE_MAX_AGE_MS))).toBe('valid');
    expect(reasonOf(verify(envelope, request, now))).toBe('replayed');
  });

  it('may be signed by any of two secrets while one is rotated', () => {
    const verify = envelopeVerifier(['the-new-secret-with-at-least-32-characters', secret]);
    expect(reasonOf(verify(sealEnvelope(request, claims, secret, now), request, now))).toBe('valid');
  });
});
