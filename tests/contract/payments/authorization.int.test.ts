import { capturePayment } from '@shop/events/payments';
import { newId } from '@shop/platform/ids';
import { userViewer } from '@shop/tests/kit/subgraph';
import { describe, expect, test } from 'vitest';
import { balanceOf, eur, intentsOf, namesOf, paymentSeenBy, quiet, staff, startWorld, statusOf } from './payments-world.js';

describe('authorisation and capture', () => {
  test('a good card is authorised and booked once, and seen by its owner', async () => {
    await using world = await startWorld();
    const [orderId, customerId] = [newId(), newId()];
    await world.authorize(orderId, 'pm_card_visa', { customerId });
    const told = await world.until(orderId, 'authorized');
    expect(told.data).toMatchObject({ orderId, orderNumber: 'N-1', customerId, email: 'ann@shop.test', amount: eur(5_000) });
    await world.send(capturePayment, { orderId });
    await world.send(capturePayment, { orderId });
    await world.until(orderId, 'captured');
    await quiet(world);
    expect(namesOf(world, orderId)).toEqual(['authorized', 'captured']);
    expect(await balanceOf(world, orderId)).toBe(5_000);
    expect(intentsOf(world, orderId)).toMatchObject([{ status: 'succeeded', charge: { amountCapturedMinor: 5_000 } }]);
    expect(await paymentSeenBy(world, userViewer(customerId), orderId)).toMatchObject({
      status: 'CAPTURED',
      amount: { ...eur(5_000), formatted: '€50.00' },
      capturedAmount: { amountMinor: 5_000 },
      method: { brand: 'visa', last4: '4242', expiryMonth: 12 },
      nextActionUrl: null,
      order: { id: orderId },
    });
    expect(await world.sql('select key from provider_call')).toEqual([]);
  });

  test.each([
    ['pm_card_visa_chargeDeclined', 'generic_decline', { brand: 'visa', last4: '0002' }],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds', { brand: 'visa', last4: '9995' }],
    ['pm_card_of_nobody', 'invalid_payment_method', null],
    ['pm 4242 4242 4242 4242', 'card_number_refused', null],
  ])('%s is declined with %s, and tells which card', async (token, code, method) => {
    await using world = await startWorld();
    const orderId = newId();
    await world.authorize(orderId, token);
    expect((await world.until(orderId, 'declined')).data).toMatchObject({ orderId, declineCode: code });
    await quiet(world);
    expect(namesOf(world, orderId)).toEqual(['declined']);
    expect(await paymentSeenBy(world, staff, orderId)).toMatchObject({ declineCode: code, method });
    expect(JSON.stringify(await world.sql('select row_to_json(p) from payment p'))).not.toContain('4242');
  });

  test.each([
    ['approve', 'authorized', 'AUTHORIZED'],
    ['refuse', 'declined', 'DECLINED'],
  ])('a buyer who answers %s on the 3-D Secure page', async (outcome, name, status) => {
    await using world = await startWorld();
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_threeDSecure2Required');
    await world.until(orderId, 'action-required');
    const seen = await paymentSeenBy(world, { kind: 'order-token', orderId }, orderId);
    expect(seen).toMatchObject({ status: 'REQUIRES_ACTION' });
    await fetch(String(seen?.['nextActionUrl']), { method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' });
    await world.until(orderId, name);
    expect(await statusOf(world, orderId)).toBe(status);
    expect(await paymentSeenBy(world, staff, orderId)).toMatchObject({ nextActionUrl: null });
  });

  test('a second authorisation of the same order makes no second payment', async () => {
    await using world = await startWorld();
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.authorize(orderId, 'pm_card_mastercard');
    await world.until(orderId, 'authorized');
    await quiet(world);
    expect(intentsOf(world, orderId)).toHaveLength(1);
    expect(namesOf(world, orderId)).toEqual(['authorized']);
  });
});
