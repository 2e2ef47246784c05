import { capturePayment } from '@shop/events/payments';
import type { CardProvider } from '@shop/payments';
import { newId } from '@shop/platform/ids';
import { describe, expect, test } from 'vitest';
import { balanceOf, captured, intentsOf, namesOf, paymentSeenBy, quiet, real, staff, startWorld, statusOf } from './payments-world.js';

describe('a provider that does not answer', () => {
  test('a lost answer is asked for again by its key: one authorisation', async () => {
    await using world = await startWorld({ webhooks: false, payments: { providerTimeoutMs: 100 } });
    const orderId = newId();
    await world.authorize(orderId, 'pm_sandbox_timeout');
    await world.until(orderId, 'authorized');
    expect(intentsOf(world, orderId)).toHaveLength(1);
    expect(namesOf(world, orderId)).toEqual(['authorized']);
  });

  test('a slow answer is neither a failure nor a second authorisation', async () => {
    await using world = await startWorld({ webhooks: false, payments: { providerTimeoutMs: 100 }, sandbox: { lateAnswerMs: 400 } });
    const orderId = newId();
    await world.authorize(orderId, 'pm_sandbox_slow');
    await world.until(orderId, 'authorized');
    expect(intentsOf(world, orderId)).toHaveLength(1);
    expect(namesOf(world, orderId)).toEqual(['authorized']);
  });

  test('a webhook may come before the answer', async () => {
    await using world = await startWorld({ sandbox: { lateAnswerMs: 300 } });
    const orderId = newId();
    await world.authorize(orderId, 'pm_sandbox_slow');
    await world.until(orderId, 'authorized');
    await world.send(capturePayment, { orderId });
    await world.until(orderId, 'captured');
    await quiet(world);
    expect(namesOf(world, orderId)).toEqual(['authorized', 'captured']);
    expect(await paymentSeenBy(world, staff, orderId)).toMatchObject({ status: 'CAPTURED', method: { last4: '4242' } });
  });

  test('an outage postpones, it does not decline', async () => {
    const out = (provider: CardProvider): CardProvider => ({ ...provider, authorize: async () => ({ kind: 'unknown', reason: 'away' }) });
    await using world = await startWorld({ provider: (config) => out(real(config)) });
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.payments.settle();
    expect(await statusOf(world, orderId)).toBe('CREATED');
    await world.restart();
    await world.until(orderId, 'authorized');
    expect(namesOf(world, orderId)).toEqual(['authorized']);
  });

  test('is asked again by the same key as often as it takes', async () => {
    const keys: string[] = [];
    const silent = (provider: CardProvider): CardProvider => ({
      ...provider,
      authorize: async (request) => {
        keys.push(request.key);
        return keys.length <= 12 ? { kind: 'unknown', reason: 'silence' } : provider.authorize(request);
      },
    });
    await using world = await startWorld({ payments: { retryAfterMs: [1, 2] }, provider: (config) => silent(real(config)) });
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.until(orderId, 'authorized');
    expect(keys).toEqual(Array.from({ length: 13 }, () => `order:${orderId}:authorize`));
  });

  test('a capture that the provider turns down is not forgotten', async () => {
    let refusals = 2;
    const stubborn = (provider: CardProvider): CardProvider => ({
      ...provider,
      capture: async (request) =>
        refusals-- > 0 ? { kind: 'authorized', providerId: request.providerId, method: null } : provider.capture(request),
    });
    await using world = await startWorld({ provider: (config) => stubborn(real(config)) });
    const orderId = newId();
    await captured(world, orderId);
    expect([await statusOf(world, orderId), await balanceOf(world, orderId)]).toEqual(['CAPTURED', 5_000]);
  });

  test('a process that dies between the call and its transaction leaves one authorisation', async () => {
    const dying = (provider: CardProvider): CardProvider => ({
      ...provider,
      authorize: async (request) => {
        await provider.authorize(request);
        throw new Error('killed');
      },
    });
    await using world = await startWorld({
      webhooks: false,
      payments: { providerTimeoutMs: 300 },
      provider: (config) => dying(real(config)),
    });
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.payments.settle();
    expect([await statusOf(world, orderId), intentsOf(world, orderId).length]).toEqual(['CREATED', 1]);
    await world.restart();
    await world.until(orderId, 'authorized');
    expect(intentsOf(world, orderId)).toHaveLength(1);
    expect(namesOf(world, orderId)).toEqual(['authorized']);
  });
});
