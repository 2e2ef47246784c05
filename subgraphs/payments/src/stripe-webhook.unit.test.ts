import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { readStripeWebhook } from './stripe-webhook.js';

const now = new Date('2026-05-01T12:00:00Z');
const paymentId = '0197a000-0000-7000-8000-000000000001';
const intent = { id: 'pi_1', object: 'payment_intent', amount_received: 0, metadata: { payment_id: paymentId } };

function read(type: string, object: object, { secret = 'whsec_new', ageSeconds = 0 } = {}) {
  const payload = JSON.stringify({ id: 'evt_1', object: 'event', type, data: { object } });
  const timestamp = Math.floor(now.getTime() / 1000) - ageSeconds;
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return readStripeWebhook(Buffer.from(payload), signature, ['whsec_old', 'whsec_new'], now);
}

test('each event about an intent is news of our payment', () => {
  expect(read('payment_intent.amount_capturable_updated', { ...intent, status: 'requires_capture' })).toEqual({
    eventId: 'evt_1',
    type: 'payment_intent.amount_capturable_updated',
    about: { id: paymentId },
    news: { kind: 'authorized', providerId: 'pi_1', method: null },
  });
  expect(read('payment_intent.succeeded', { ...intent, status: 'succeeded', amount_received: 500 })?.news).toMatchObject({
    kind: 'captured',
    amountMinor: 500,
  });
  expect(read('payment_intent.canceled', { ...intent, status: 'canceled' })?.news).toMatchObject({ kind: 'voided' });
  const error = { code: 'card_declined', decline_code: 'insufficient_funds', message: 'No funds.' };
  expect(
    read('payment_intent.payment_failed', { ...intent, status: 'requires_payment_method', last_payment_error: error })?.news,
  ).toMatchObject({ kind: 'declined', code: 'insufficient_funds', message: 'No funds.' });
});

test('a refund names ours, or is one that was made elsewhere', () => {
  const refund = { id: 're_1', object: 'refund', payment_intent: 'pi_1', amount: 300, status: 'succeeded' };
  expect(read('refund.created', { ...refund, metadata: { refund_id: 'r' } })).toMatchObject({
    about: { providerId: 'pi_1' },
    news: { kind: 'refunded', refundId: 'r', providerRefundId: 're_1', amountMinor: 300 },
  });
  expect(read('refund.updated', { ...refund, metadata: {} })?.news).toMatchObject({ refundId: null });
  expect(read('refund.failed', { ...refund, status: 'failed', metadata: { refund_id: 'r' } })?.news).toEqual({
    kind: 'refund-refused',
    refundId: 'r',
  });
});

test('an intent without our name is looked up by its own; other types are no news', () => {
  expect(read('payment_intent.succeeded', { ...intent, status: 'succeeded', metadata: {} })?.about).toEqual({ providerId: 'pi_1' });
  expect(read('customer.created', { id: 'cus_1' })).toMatchObject({ about: null, news: null });
});

test('each secret fits, a strange one or an old signature does not', () => {
  expect(read('customer.created', {}, { secret: 'whsec_old' })).not.toBeNull();
  expect(read('customer.created', {}, { ageSeconds: 299 })).not.toBeNull();
  expect(read('customer.created', {}, { ageSeconds: 301 })).toBeNull();
  expect(read('customer.created', {}, { secret: 'whsec_strange' })).toBeNull();
});
