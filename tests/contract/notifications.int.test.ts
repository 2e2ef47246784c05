import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { orderDelivered } from '@shop/events/orders';
import { startNotifications } from '@shop/notifications';
import { manualClock } from '@shop/platform/clock';
import { openDatabase } from '@shop/platform/database';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import { startMailbox } from '@shop/standalone/mailbox/mailbox';
import { eventOf } from '../kit/event.js';
import { createTestDatabase } from '../kit/postgres.js';
import { quietLogger, settle, TEST_SECRET } from '../kit/subgraph.js';

const deliveryRow = z.object({ id: z.string(), status: z.string(), attempts: z.number() });

/** Notifications with a real mail server that can be stopped and started on the same port. */
async function setUp(stack: AsyncDisposableStack) {
  const folder = mkdtempSync(join(tmpdir(), 'shop-mails-'));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const place = stack.use(await createTestDatabase());
  const db = stack.use(await openDatabase({ url: place.url, entities: [], migrations: [], poolSize: 2 }));
  const bus = stack.use(inProcessBus({ logger: quietLogger, backoffMs: [1] }));
  const clock = manualClock(new Date('2026-01-05T10:00:00Z'));
  const firstMailbox = await startMailbox({ port: 0, folder });
  const { port } = firstMailbox;
  const notifications = stack.use(
    await startNotifications(
      { databaseUrl: place.url, envelopeSecrets: [TEST_SECRET], smtpUrl: `smtp://127.0.0.1:${port}`, publicUrl: 'https://shop.example' },
      { bus, logger: quietLogger, clock },
    ),
  );
  const publish = async (email: string, locale: string) => {
    const orderId = newId();
    const data = { orderId, orderNumber: 'S-7', customerId: null, email, locale };
    await bus.publish(eventOf(orderDelivered, orderId, data, { at: clock.now() }));
    return orderId;
  };
  return {
    clock,
    db,
    publish,
    firstMailbox,
    startMailboxAgain: () => startMailbox({ port, folder }),
    settled: () => settle([notifications]),
    deliveries: () => db.rows(deliveryRow, `select id, status, attempts from notification_delivery order by id`),
  };
}

describe('mails', () => {
  it('arrive with both parts, in the reader’s language', async () => {
    await using stack = new AsyncDisposableStack();
    const { publish, settled, firstMailbox, deliveries } = await setUp(stack);
    stack.use(firstMailbox);
    const orderId = await publish('bärbel@shop.example', 'de-DE');
    await settled();
    const [summary] = await firstMailbox.mails(10);
    const mail = await firstMailbox.mail(summary?.id ?? 0);
    const [delivery] = await deliveries();
    expect(mail).toMatchObject({
      from: '"The Shop" <no-reply@shop.example>',
      to: 'bärbel@shop.example',
      subject: 'Deine Bestellung S-7 ist angekommen',
      messageId: `<${delivery?.id}@shop.example>`,
      text: expect.stringContaining(`https://shop.example/track?order=${orderId}`),
      html: expect.stringContaining('Viel Freude damit!'),
    });
    expect(delivery).toMatchObject({ status: 'SENT', attempts: 1 });
  });

  it('wait while the mail server is away, and arrive once when it is back', async () => {
    await using stack = new AsyncDisposableStack();
    const { clock, publish, settled, firstMailbox, startMailboxAgain, deliveries } = await setUp(stack);
    await firstMailbox[Symbol.asyncDispose]();
    await publish('one@shop.example', 'en');
    await publish('two@shop.example', 'en');
    await settled();
    expect(await deliveries()).toMatchObject([
      { status: 'QUEUED', attempts: 1 },
      { status: 'QUEUED', attempts: 1 },
    ]);
    const mailbox = stack.use(await startMailboxAgain());
    await settled();
    expect(await mailbox.mails(10)).toEqual([]);
    clock.advance(1_000);
    await settled();
    clock.advance(3_600_000);
    await settled();
    expect((await mailbox.mails(10)).map(({ to }) => to).toSorted()).toEqual(['one@shop.example', 'two@shop.example']);
    expect(await deliveries()).toMatchObject([
      { status: 'SENT', attempts: 2 },
      { status: 'SENT', attempts: 2 },
    ]);
  });

  it('are given up after six attempts', async () => {
    await using stack = new AsyncDisposableStack();
    const { clock, publish, settled, firstMailbox, deliveries } = await setUp(stack);
    await firstMailbox[Symbol.asyncDispose]();
    await publish('never@shop.example', 'en');
    for (let attempt = 0; attempt < 10; attempt++) {
      await settled();
      clock.advance(600_000);
    }
    expect(await deliveries()).toMatchObject([{ status: 'FAILED', attempts: 6 }]);
  });

  it('that were handed over just before a crash come again under the same Message-ID, which the mailbox keeps once', async () => {
    await using stack = new AsyncDisposableStack();
    const { clock, db, publish, settled, firstMailbox } = await setUp(stack);
    stack.use(firstMailbox);
    await publish('again@shop.example', 'en');
    await settled();
    await db.run(`update notification_delivery set status = 'QUEUED', sent_at = null, next_attempt_at = $1`, [clock.now()]);
    await settled();
    expect(await firstMailbox.mails(10)).toHaveLength(1);
  });
});
