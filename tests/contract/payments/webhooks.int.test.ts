import type { CardProvider } from '@shop/payments';
import { newId } from '@shop/platform/ids';
import { signWebhook } from '@shop/standalone/card-sandbox/webhook-event';
import { describe, expect, test } from 'vitest';
import { balanceOf, captured, eur, intentsOf, namesOf, quiet, real, refund, startWorld, webhookSecret } from './payments-world.js';

describe('webhooks', () => {
  test('fifty at once have one effect, whatever comes later', async () => {
    await using world = await startWorld({ webhooks: false });
    const orderId = newId();
    const paymentId = await captured(world, orderId);
    expect(await refund(world, { paymentId, amount: eur(1_000) })).toMatchObject({ __typename: 'PaymentPayload' });
    const events = world.sandbox.events().map(({ rawBody }) => rawBody);
    const statuses = await Promise.all(events.flatMap((rawBody) => Array.from({ length: 50 }, () => world.webhook(rawBody))));
    expect(new Set(statuses)).toEqual(new Set([200]));
    await quiet(world);
    expect(namesOf(world, orderId)).toEqual(['authorized', 'captured', 'refunded']);
    expect(await balanceOf(world, orderId)).toBe(4_000);
    expect(await world.sql('select count(*)::int as n from provider_event')).toEqual([{ n: events.length }]);
  });

  test('only the webhook moves the payment when the answer is missing', async () => {
    const mute = (provider: CardProvider): CardProvider => ({
      ...provider,
      authorize: async (request) => provider.authorize(request).then(() => ({ kind: 'unknown', reason: 'cut off' })),
    });
    await using world = await startWorld({ webhooks: false, provider: (config) => mute(real(config)) });
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.payments.settle();
    const [event] = world.sandbox.events();
    const sent = await Promise.all(Array.from({ length: 50 }, () => world.webhook(event?.rawBody ?? '')));
    expect(new Set(sent)).toEqual(new Set([200]));
    await world.until(orderId, 'authorized');
    expect(namesOf(world, orderId)).toEqual(['authorized']);
    expect(await world.sql('select provider_id from payment')).toEqual([{ provider_id: intentsOf(world, orderId)[0]?.id }]);
  });

  test('forged, stale, altered and unsigned ones are refused and leave nothing', async () => {
    await using world = await startWorld({ webhooks: false });
    const orderId = newId();
    await world.authorize(orderId, 'pm_card_visa');
    await world.until(orderId, 'authorized');
    const rawBody = world.sandbox.events()[0]?.rawBody ?? '';
    const now = Math.floor(Date.now() / 1000);
    expect(await world.webhook(rawBody, signWebhook(rawBody, 'whsec_forged', now))).toBe(400);
    expect(await world.webhook(rawBody, signWebhook(rawBody, webhookSecret, now - 301))).toBe(400);
    expect(await world.webhook(rawBody.replace('5000', '1'), signWebhook(rawBody, webhookSecret, now))).toBe(400);
    expect(await world.webhook(rawBody, 'nonsense')).toBe(400);
    expect(await world.webhook('', 'nonsense')).toBe(400);
    expect(await world.webhook('x'.repeat(1_000_001), 'nonsense')).toBe(413);
    expect(await world.sql('select id from provider_event')).toEqual([]);
  });

  test('of unknown type or about an unknown payment are answered and kept', async () => {
    await using world = await startWorld({ webhooks: false });
    const body = (id: string, type: string, object: object) => JSON.stringify({ id, object: 'event', type, created: 1, data: { object } });
    expect(await world.webhook(body('evt_1', 'customer.created', { id: 'cus_1' }))).toBe(200);
    const strange = { id: 'pi_x', object: 'payment_intent', status: 'succeeded', amount_received: 5, metadata: { payment_id: newId() } };
    expect(await world.webhook(body('evt_2', 'payment_intent.succeeded', strange))).toBe(200);
    expect(await world.sql('select id from provider_event order by id')).toEqual([{ id: 'evt_1' }, { id: 'evt_2' }]);
  });

  test('are forgotten after 30 days', async () => {
    await using world = await startWorld({ webhooks: false });
    for (const [id, days] of [
      ['evt_new', 29],
      ['evt_old', 31],
    ])
      await world.sql(`insert into provider_event values ($1, 'customer.created', now() - make_interval(days => $2))`, [id, days]);
    await world.payments.settle();
    expect(await world.sql('select id from provider_event')).toEqual([{ id: 'evt_new' }]);
  });
});
