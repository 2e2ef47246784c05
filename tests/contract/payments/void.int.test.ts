import { capturePayment, voidPayment } from '@shop/events/payments';
import { newId } from '@shop/platform/ids';
import { describe, expect, test } from 'vitest';
import { balanceOf, captured, eur, intentsOf, namesOf, paymentSeenBy, quiet, staff, startWorld, statusOf } from './payments-world.js';

describe('void', () => {
  test('lets an authorisation go', async () => {
    await using world = await startWorld();
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.until(orderId, 'authorized');
    await world.send(voidPayment, { orderId, reason: 'cancelled' });
    expect((await world.until(orderId, 'voided')).data).toMatchObject({ reason: 'cancelled', email: 'ann@shop.test' });
    await quiet(world);
    expect(intentsOf(world, orderId)).toMatchObject([{ status: 'canceled' }]);
    expect([await statusOf(world, orderId), await balanceOf(world, orderId)]).toEqual(['VOIDED', 0]);
  });

  test('gives back what is captured', async () => {
    await using world = await startWorld();
    const orderId = newId();
    await captured(world, orderId);
    await world.send(voidPayment, { orderId, reason: 'cancelled' });
    const told = await world.until(orderId, 'refunded');
    expect(told.data).toMatchObject({ amount: eur(5_000), refundedTotal: eur(5_000), capturedTotal: eur(5_000), reason: 'cancelled' });
    await quiet(world);
    expect([await statusOf(world, orderId), await balanceOf(world, orderId)]).toEqual(['REFUNDED', 0]);
    expect(namesOf(world, orderId)).toEqual(['authorized', 'captured', 'refunded']);
    expect(world.sandbox.refunds()).toMatchObject([{ amountMinor: 5_000 }]);
  });

  test('before the authorisation leaves a tombstone: nothing is ever charged', async () => {
    await using world = await startWorld();
    const orderId = newId();
    await world.send(voidPayment, { orderId, reason: 'timed out' });
    await world.until(orderId, 'voided');
    expect(await paymentSeenBy(world, staff, orderId)).toBeNull();
    await world.authorize(orderId, 'pm_card_visa');
    await quiet(world);
    expect(namesOf(world, orderId)).toEqual(['voided', 'voided']);
    expect(world.heard.at(-1)?.data).toMatchObject({ email: 'ann@shop.test', reason: 'timed out' });
    expect(world.sandbox.intents()).toEqual([]);
    expect(await paymentSeenBy(world, staff, orderId)).toMatchObject({ status: 'VOIDED' });
  });

  test('while the provider is silent waits for it, then lets the late authorisation go', async () => {
    await using world = await startWorld({ webhooks: false, payments: { providerTimeoutMs: 100 }, sandbox: { lateAnswerMs: 3_000 } });
    const orderId = newId();
    await world.authorize(orderId, 'pm_sandbox_slow');
    while (intentsOf(world, orderId).length === 0) await world.sql('select pg_sleep(0.01)');
    await world.send(voidPayment, { orderId, reason: 'timed out' });
    await world.until(orderId, 'voided');
    expect(namesOf(world, orderId)).toEqual(['voided']);
    expect(intentsOf(world, orderId)).toMatchObject([{ status: 'canceled' }]);
  });

  test('together with a capture ends without money taken', async () => {
    await using world = await startWorld();
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.until(orderId, 'authorized');
    await world.send(capturePayment, { orderId });
    await world.send(voidPayment, { orderId, reason: 'cancelled' });
    await quiet(world);
    await Promise.race([world.until(orderId, 'voided'), world.until(orderId, 'refunded')]);
    expect(['VOIDED', 'REFUNDED']).toContain(await statusOf(world, orderId));
    expect(await balanceOf(world, orderId)).toBe(0);
  });
});
