import { newId } from '@shop/platform/ids';
import { as, userViewer } from '@shop/tests/kit/subgraph';
import { describe, expect, test } from 'vitest';
import { balanceOf, captured, eur, namesOf, paymentIdOf, quiet, refund, REFUND, startWorld } from './payments-world.js';

describe('refundPayment', () => {
  test('partly, then all that is left, then no more', async () => {
    await using world = await startWorld();
    const orderId = newId();
    const paymentId = await captured(world, orderId);
    expect(await refund(world, { paymentId, amount: eur(1_500) })).toMatchObject({
      payment: { status: 'PARTIALLY_REFUNDED', refundedAmount: { amountMinor: 1_500 } },
    });
    expect(await refund(world, { paymentId, amount: eur(3_501) })).toMatchObject({
      __typename: 'RefundExceedsCaptureError',
      refundable: eur(3_500),
    });
    expect(await refund(world, { paymentId })).toMatchObject({ payment: { status: 'REFUNDED', refundedAmount: { amountMinor: 5_000 } } });
    expect(await refund(world, { paymentId })).toMatchObject({ __typename: 'RefundExceedsCaptureError', refundable: eur(0) });
    await quiet(world);
    expect(namesOf(world, orderId)).toEqual(['authorized', 'captured', 'refunded', 'refunded']);
    expect(await balanceOf(world, orderId)).toBe(0);
  });

  test('at the same time never exceed what was captured', async () => {
    await using world = await startWorld();
    const orderId = newId();
    const paymentId = await captured(world, orderId);
    const answers = await Promise.all(Array.from({ length: 8 }, () => refund(world, { paymentId, amount: eur(1_500) })));
    expect(answers.filter(({ __typename }) => __typename === 'PaymentPayload')).toHaveLength(3);
    await quiet(world);
    expect(world.sandbox.refunds().map(({ amountMinor }) => amountMinor)).toEqual([1_500, 1_500, 1_500]);
    expect(await balanceOf(world, orderId)).toBe(500);
  });

  test('with the same key happens once; the key with another amount is refused', async () => {
    await using world = await startWorld();
    const paymentId = await captured(world, newId());
    const input = { paymentId, amount: eur(1_000), idempotencyKey: 'once' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => refund(world, input)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ payment: { refundedAmount: { amountMinor: 1_000 } } });
    expect(await refund(world, { ...input, amount: eur(2_000) })).toMatchObject({
      __typename: 'IdempotencyConflictError',
      retryable: false,
    });
    expect(world.sandbox.refunds()).toHaveLength(1);
  });

  test('needs captured money, its currency, an existing payment and the scope', async () => {
    await using world = await startWorld();
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.until(orderId, 'authorized');
    const paymentId = await paymentIdOf(world, orderId);
    expect(await refund(world, { paymentId })).toMatchObject({ __typename: 'IllegalTransitionError', from: 'AUTHORIZED', to: 'REFUNDED' });
    expect(await refund(world, { paymentId, amount: { amountMinor: 1, currency: 'USD' } })).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['amount', 'currency'] }],
    });
    expect(await refund(world, { paymentId, amount: eur(0) })).toMatchObject({ __typename: 'ValidationError' });
    expect(await refund(world, { paymentId: newId() })).toMatchObject({ __typename: 'NotFoundError' });
    expect(await refund(world, { paymentId: 'x' })).toMatchObject({ __typename: 'NotFoundError' });
    const input = { paymentId, reason: 'mine', idempotencyKey: 'k' };
    const { errors } = await as(world.payments, userViewer())(REFUND, { input });
    expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
  });
});
