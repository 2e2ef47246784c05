import type { FormattedExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { orderConfirmed, orderDelivered } from '@shop/events/orders';
import { paymentRefunded } from '@shop/events/payments';
import { userErased, userRegistered } from '@shop/events/users';
import { manualClock } from '@shop/platform/clock';
import { openDatabase, type Database } from '@shop/platform/database';
import type { EventContract, EventEnvelope } from '@shop/platform/event';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { directTransport } from '@shop/platform/subgraph-transport';
import type { Viewer } from '@shop/platform/viewer';
import { createTestDatabase, type TestDatabase } from '@shop/tests/kit/postgres';
import { as, claimsOf, dataOf, quietLogger, settle, TEST_SECRET, userViewer } from '@shop/tests/kit/subgraph';
import { eventOf } from '@shop/tests/kit/event';
import { startNotifications } from '../src/subgraph.js';

const bus = inProcessBus({ logger: quietLogger, backoffMs: [1] });
const clock = manualClock(new Date('2026-01-05T10:00:00Z'));
let place: TestDatabase;
let db: Database;
let notifications: RunningSubgraph;

beforeAll(async () => {
  place = await createTestDatabase();
  // Nobody listens on the discard port: mails wait, and nothing else may.
  notifications = await startNotifications(
    { databaseUrl: place.url, envelopeSecrets: [TEST_SECRET], smtpUrl: 'smtp://127.0.0.1:9', publicUrl: 'https://shop.example' },
    { bus, logger: quietLogger, clock },
  );
  db = await openDatabase({ url: place.url, entities: [], migrations: [], poolSize: 2 });
});

afterAll(async () => {
  await notifications[Symbol.asyncDispose]();
  await bus[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

async function publish<T>(contract: EventContract<T>, aggregateId: string, data: T): Promise<EventEnvelope> {
  const event = eventOf(contract, aggregateId, data, { at: clock.now() });
  await bus.publish(event);
  return event;
}

const deliveredOrder = (customerId: string | null) => {
  const orderId = newId();
  return publish(orderDelivered, orderId, { orderId, orderNumber: 'S-7', customerId, email: `${orderId}@shop.example`, locale: 'en' });
};

const ask = (viewer: Viewer, query: string, variables: Record<string, unknown> = {}) => dataOf(as(notifications, viewer)(query, variables));

const list = `query ($representations: [_Any!]!, $first: Int, $after: String, $unreadOnly: Boolean) {
  _entities(representations: $representations) { ... on User { notifications(first: $first, after: $after, unreadOnly: $unreadOnly) {
    unreadCount pageInfo { hasNextPage endCursor } nodes { id topic subject body readAt order { id } deliveries { channel status attempts sentAt } } } } } }`;
const page = z.object({
  _entities: z.tuple([
    z.object({
      notifications: z
        .object({
          unreadCount: z.number(),
          pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
          nodes: z.array(z.looseObject({ id: z.string(), topic: z.string(), subject: z.string(), readAt: z.string().nullable() })),
        })
        .nullable(),
    }),
  ]),
});

async function notificationsOf(userId: string, viewer: Viewer, variables: Record<string, unknown> = {}) {
  const data = await ask(viewer, list, { representations: [{ __typename: 'User', id: userId }], ...variables });
  return page.parse(data)._entities[0].notifications;
}

describe('a person with an account', () => {
  it('finds a notification in the shop while its mail still waits for the mail server', async () => {
    const me = newId();
    const money = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
    const orderId = newId();
    await publish(orderConfirmed, orderId, {
      orderId,
      orderNumber: 'S-1',
      customerId: me,
      email: 'me@shop.example',
      locale: 'en',
      lines: [{ sku: 'k', productName: 'Kettle', variantName: 'Kettle', quantity: 1, unitPrice: money(500) }],
      totals: { subtotal: money(500), discount: money(0), shipping: money(0), tax: money(0), total: money(500) },
    });
    await settle([notifications]);
    expect(await notificationsOf(me, userViewer(me))).toEqual({
      unreadCount: 1,
      pageInfo: { hasNextPage: false, endCursor: expect.any(String) },
      nodes: [
        {
          id: expect.any(String),
          topic: 'order-confirmed',
          subject: 'Your order S-1 is confirmed',
          body: expect.stringContaining(`https://shop.example/track?order=${orderId}`),
          readAt: null,
          order: { id: orderId },
          deliveries: [
            { channel: 'EMAIL', status: 'QUEUED', attempts: 1, sentAt: null },
            { channel: 'IN_APP', status: 'SENT', attempts: 1, sentAt: '2026-01-05T10:00:00.000Z' },
          ],
        },
      ],
    });
  });

  it('is told once, however often an event arrives', async () => {
    const me = newId();
    const event = await deliveredOrder(me);
    await Promise.all([bus.publish(event), bus.publish(event)]);
    expect((await notificationsOf(me, userViewer(me)))?.nodes).toHaveLength(1);
  });

  it('hears of a refund, but not of a refund of nothing', async () => {
    const me = newId();
    const refund = (amountMinor: number) => {
      const orderId = newId();
      const [amount, refundedTotal, capturedTotal] = [amountMinor, amountMinor, 500].map((minor) => ({
        amountMinor: minor,
        currency: 'EUR',
      }));
      const about = {
        orderId,
        orderNumber: `S-${amountMinor}`,
        paymentId: newId(),
        customerId: me,
        email: 'me@shop.example',
        locale: 'en',
      };
      return publish(
        paymentRefunded,
        orderId,
        paymentRefunded.data.parse({ ...about, amount, refundedTotal, capturedTotal, reason: 'cancelled' }),
      );
    };
    await refund(0);
    await refund(500);
    expect((await notificationsOf(me, userViewer(me)))?.nodes.map(({ subject }) => subject)).toEqual([expect.stringContaining('S-500')]);
  });

  it('pages through the list, newest first, and may leave out what is read', async () => {
    const me = userViewer('pager');
    for (let n = 0; n < 5; n++) await deliveredOrder('pager');
    const all = (await notificationsOf('pager', me))?.nodes.map(({ id }) => id) ?? [];
    expect(all).toEqual(all.toSorted().toReversed());
    const first = await notificationsOf('pager', me, { first: 2 });
    const second = await notificationsOf('pager', me, { first: 3, after: first?.pageInfo.endCursor });
    expect([first?.pageInfo.hasNextPage, second?.pageInfo.hasNextPage]).toEqual([true, false]);
    expect([first, second].flatMap((part) => part?.nodes.map(({ id }) => id))).toEqual(all);
    await ask(me, `mutation ($id: ID!) { markNotificationRead(id: $id) { __typename } }`, { id: all[0] });
    const unread = await notificationsOf('pager', me, { unreadOnly: true });
    expect([unread?.unreadCount, unread?.nodes.map(({ id }) => id)]).toEqual([4, all.slice(1)]);
  });

  it('marks a notification as read, and the first time counts', async () => {
    await deliveredOrder('reader');
    const me = userViewer('reader');
    const id = (await notificationsOf('reader', me))?.nodes[0]?.id;
    const mark = `mutation ($id: ID!) { markNotificationRead(id: $id) { ... on NotificationPayload { notification { id readAt deliveries { channel } } } } }`;
    const expected = { id, readAt: clock.now().toISOString(), deliveries: [{ channel: 'EMAIL' }, { channel: 'IN_APP' }] };
    expect(await ask(me, mark, { id })).toEqual({ markNotificationRead: { notification: expected } });
    clock.advance(60_000);
    expect(await ask(me, mark, { id })).toEqual({ markNotificationRead: { notification: expected } });
  });

  it('is forgotten when they are erased', async () => {
    await publish(userRegistered, 'gone', { userId: 'gone', email: 'gone@shop.example', displayName: 'Gone', locale: 'en' });
    expect((await notificationsOf('gone', userViewer('gone')))?.nodes.map(({ topic }) => topic)).toEqual(['welcome']);
    await publish(userErased, 'gone', { userId: 'gone' });
    expect((await notificationsOf('gone', userViewer('gone')))?.nodes).toEqual([]);
    expect(await db.rows(z.unknown(), `select 1 from notification_delivery where address = 'gone@shop.example'`)).toEqual([]);
  });
});

describe('a guest', () => {
  it('gets a mail and nothing in the shop', async () => {
    const { aggregateId } = await deliveredOrder(null);
    const rows = await db.rows(
      z.unknown(),
      `select n.user_id, d.channel, d.address from notification n join notification_delivery d on d.notification_id = n.id where n.order_id = $1`,
      [aggregateId],
    );
    expect(rows).toEqual([{ user_id: null, channel: 'EMAIL', address: `${aggregateId}@shop.example` }]);
  });
});

describe('somebody else', () => {
  it('sees and marks nothing of it', async () => {
    await deliveredOrder('owner');
    const id = (await notificationsOf('owner', userViewer('owner')))?.nodes[0]?.id;
    const admin = userViewer('other', ['orders:read', 'users:read'], ['admin']);
    const anonymous: Viewer = { kind: 'anonymous' };
    const entity = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Notification { id } } }`;
    const mark = `mutation ($id: ID!) { markNotificationRead(id: $id) { __typename ... on NotFoundError { code message } } }`;
    for (const viewer of [admin, anonymous]) {
      expect(await notificationsOf('owner', viewer)).toBeNull();
      expect(await ask(viewer, entity, { representations: [{ __typename: 'Notification', id }] })).toEqual({ _entities: [null] });
    }
    const missing = { markNotificationRead: { __typename: 'NotFoundError', code: 'NOT_FOUND', message: 'Notification not found.' } };
    for (const unknown of [id, newId(), 'no-id']) expect(await ask(admin, mark, { id: unknown })).toEqual(missing);
    expect((await as(notifications)(mark, { id })).errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
    expect((await notificationsOf('owner', userViewer('owner')))?.nodes[0]?.readAt).toBeNull();
  });
});

describe('whoever follows their notifications', () => {
  const query = `subscription { notificationReceived { topic order { id } } }`;
  const subscribe = (viewer: Viewer, signal: AbortSignal) =>
    directTransport(notifications.server, TEST_SECRET).subscribe({ query }, claimsOf(viewer), signal);

  it('gets their own as they arrive, until they leave', async () => {
    const leaving = new AbortController();
    const stream = await subscribe(userViewer('follower'), leaving.signal);
    if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
    const iterator: AsyncIterator<FormattedExecutionResult> = stream[Symbol.asyncIterator]();
    await deliveredOrder('somebody else');
    const { aggregateId: first } = await deliveredOrder('follower');
    const received = (id: string) => ({
      done: false,
      value: { data: { notificationReceived: { topic: 'order-delivered', order: { id } } } },
    });
    expect(await iterator.next()).toEqual(received(first));
    const next = iterator.next();
    const { aggregateId: second } = await deliveredOrder('follower');
    expect(await next).toEqual(received(second));
    const last = iterator.next();
    leaving.abort();
    expect(await last).toEqual({ done: true, value: undefined });
  });

  it('must be signed in', async () => {
    expect(await subscribe({ kind: 'anonymous' }, AbortSignal.timeout(20_000))).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });
});
