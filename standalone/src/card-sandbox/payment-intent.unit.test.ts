import { describe, expect, test } from 'vitest';
import { authenticateIntent, cancelIntent, captureIntent, confirmIntent, type Decision, type PaymentIntent } from './payment-intent.js';
import { refundIntent } from './refund.js';
import { findTestCard } from './test-cards.js';

const stamp = { chargeId: 'ch_1', at: 1_700_000_000 };

const fresh: PaymentIntent = {
  id: 'pi_1',
  clientSecret: 'pi_1_secret',
  status: 'requires_confirmation',
  amountMinor: 5_000,
  currency: 'eur',
  captureMethod: 'manual',
  paymentMethod: null,
  returnUrl: null,
  metadata: {},
  created: stamp.at,
  canceledAt: null,
  cancellationReason: null,
  lastError: null,
  charge: null,
};

const intentOf = (decision: Decision): PaymentIntent => {
  if (decision.kind === 'refused') throw new Error(decision.message);
  return decision.intent;
};

function paidWith(paymentMethod: string, intent: PaymentIntent = fresh): Decision {
  const card = findTestCard(paymentMethod);
  if (card === undefined) throw new Error(`no card ${paymentMethod}`);
  return confirmIntent(intent, paymentMethod, card, stamp);
}

const authorized = intentOf(paidWith('pm_card_visa'));
const challenged = intentOf(paidWith('pm_card_threeDSecure2Required'));
const captured = intentOf(captureIntent(authorized));
const canceled = intentOf(cancelIntent(authorized, null, stamp.at));
const refund = (intent: PaymentIntent, amountMinor?: number) =>
  refundIntent(intent, { id: 're_1', amountMinor, reason: null, metadata: {}, at: 1 });

describe('a payment intent', () => {
  test('with a good card waits for its capture', () => {
    expect(paidWith('pm_card_visa')).toMatchObject({ kind: 'changed', event: 'payment_intent.amount_capturable_updated' });
    expect(authorized).toMatchObject({ status: 'requires_capture', charge: { status: 'succeeded', amountCapturedMinor: 0 } });
  });

  test('with automatic capture takes the money at once', () => {
    const decision = paidWith('pm_card_visa', { ...fresh, captureMethod: 'automatic' });
    expect(decision).toMatchObject({
      event: 'payment_intent.succeeded',
      intent: { status: 'succeeded', charge: { amountCapturedMinor: 5_000 } },
    });
  });

  test.each([
    ['pm_card_visa_chargeDeclined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ])('with %s is declined and may be tried with another card', (paymentMethod, declineCode) => {
    const declined = paidWith(paymentMethod);
    expect(declined).toMatchObject({
      kind: 'declined',
      error: { declineCode },
      intent: { status: 'requires_payment_method', paymentMethod: null },
    });
    expect(paidWith('pm_card_visa', intentOf(declined))).toMatchObject({ intent: { status: 'requires_capture', lastError: null } });
  });

  test('that asks the buyer follows the answer once', () => {
    expect(challenged).toMatchObject({ status: 'requires_action', charge: null });
    const approved = authenticateIntent(challenged, 'approve', stamp);
    expect(approved).toMatchObject({ intent: { status: 'requires_capture', paymentMethod: 'pm_card_threeDSecure2Required' } });
    expect(authenticateIntent(intentOf(approved), 'refuse', stamp)).toMatchObject({
      kind: 'refused',
      code: 'payment_intent_unexpected_state',
    });
    expect(authenticateIntent(challenged, 'refuse', stamp)).toMatchObject({
      kind: 'declined',
      intent: { status: 'requires_payment_method', lastError: { code: 'payment_intent_authentication_failure' } },
    });
  });

  test('is captured in part once, and never for more than was authorised', () => {
    const part = captureIntent(authorized, 3_000);
    expect(part).toMatchObject({
      event: 'payment_intent.succeeded',
      intent: { status: 'succeeded', charge: { amountCapturedMinor: 3_000 } },
    });
    expect(captureIntent(intentOf(part), 2_000)).toMatchObject({ kind: 'refused', code: 'payment_intent_unexpected_state' });
    expect(captureIntent(authorized, 5_001)).toMatchObject({ kind: 'refused', code: 'amount_too_large' });
  });

  test.each([
    ['confirm', paidWith('pm_card_visa', captured)],
    ['confirm', paidWith('pm_card_visa', challenged)],
    ['capture', captureIntent(challenged)],
    ['capture', captureIntent(canceled)],
    ['cancel', cancelIntent(captured, null, 1)],
    ['cancel', cancelIntent(canceled, null, 1)],
    ['authenticate', authenticateIntent(canceled, 'approve', stamp)],
  ])('refuses to %s in the wrong state', (verb, decision) => {
    expect(decision).toMatchObject({ kind: 'refused', status: 400, message: expect.stringContaining(`cannot ${verb}`) });
  });

  test('can be cancelled as long as no money was taken', () => {
    for (const intent of [fresh, challenged, authorized]) {
      expect(cancelIntent(intent, 'abandoned', 7)).toMatchObject({
        intent: { status: 'canceled', canceledAt: 7, cancellationReason: 'abandoned' },
      });
    }
  });
});

describe('a refund', () => {
  test('gives back a part, then the rest, then nothing', () => {
    const part = refund(captured, 2_000);
    if (part.kind === 'refused') throw new Error(part.message);
    expect(part.intent.charge?.amountRefundedMinor).toBe(2_000);
    expect(refund(part.intent, 3_001)).toMatchObject({ kind: 'refused', code: 'amount_too_large' });
    const rest = refund(part.intent);
    if (rest.kind === 'refused') throw new Error(rest.message);
    expect(rest.refund.amountMinor).toBe(3_000);
    expect(refund(rest.intent, 1)).toMatchObject({ kind: 'refused', code: 'charge_already_refunded' });
  });

  test('never gives back more than was captured', () => {
    expect(refund(intentOf(captureIntent(authorized, 1_000)), 1_001)).toMatchObject({ kind: 'refused', code: 'amount_too_large' });
  });

  test('is refused before the capture', () => {
    expect(refund(authorized, 1)).toMatchObject({ kind: 'refused', code: 'payment_intent_unexpected_state' });
  });
});
