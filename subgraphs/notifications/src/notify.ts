import { notificationCreated } from '@shop/events/notifications';
import type { Clock } from '@shop/platform/clock';
import type { Transaction } from '@shop/platform/database';
import type { EventBus } from '@shop/platform/event-bus';
import { newId } from '@shop/platform/ids';
import { channelsFor } from './channels.js';
import { compose } from './message.js';
import { NotificationChannel } from './notification.entity.js';
import type { Topic, TopicFacts } from './wording.js';

export interface Notifier {
  clock: Clock;
  bus: EventBus;
  publicUrl: string;
  /** Called when a mail is due. */
  wakeMail(): void;
}

export interface Notice<T extends Topic> {
  topic: T;
  facts: TopicFacts[T];
  /** The event that it comes from: one notification for each recipient, topic and event. */
  eventId: string;
  recipient: { userId: string | null; email: string; locale: string };
  orderId: string | null;
  /** Where its link leads. */
  url: string;
}

/** Stores a notification with its deliveries. Sends nothing: mails wait in their queue, whatever the mail server does. Repeatable. */
export async function notify<T extends Topic>(tx: Transaction, notice: Notice<T>, notifier: Notifier): Promise<void> {
  const { userId } = notice.recipient;
  const id = newId();
  const at = notifier.clock.now();
  const queued = await store(tx, id, notice, at);
  if (queued === 0) return;
  tx.afterCommit(() => {
    notifier.wakeMail();
    if (userId !== null) announce(notifier, id, userId, at);
  });
}

/** Returns how many deliveries there are: none when the same was stored before. */
function store<T extends Topic>(tx: Transaction, id: string, notice: Notice<T>, at: Date): Promise<number> {
  const { topic, facts, eventId, recipient, orderId, url } = notice;
  const { subject, text, html } = compose(topic, facts, recipient.locale, url);
  const channels = channelsFor(topic, recipient.userId !== null);
  const isInApp = channels.map((channel) => channel === NotificationChannel.IN_APP);
  return tx.run(
    `with stored as (
       insert into notification (id, user_id, recipient, topic, event_id, order_id, subject, body, html, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (recipient, topic, event_id) do nothing returning id
     )
     insert into notification_delivery (id, notification_id, channel, status, address, attempts, next_attempt_at, sent_at)
     select d.id, stored.id, d.channel, case when d.in_app then 'SENT' else 'QUEUED' end, case when not d.in_app then $14 end,
       case when d.in_app then 1 else 0 end, case when not d.in_app then $10::timestamptz end, case when d.in_app then $10::timestamptz end
     from stored, unnest($11::uuid[], $12::text[], $13::boolean[]) as d (id, channel, in_app)`,
    [
      id,
      recipient.userId,
      recipient.userId ?? recipient.email,
      topic,
      eventId,
      orderId,
      subject,
      text,
      html,
      at,
      channels.map(() => newId()),
      channels,
      isInApp,
      recipient.email,
    ],
  );
}

function announce({ bus }: Notifier, notificationId: string, userId: string, at: Date): void {
  bus.announce({
    id: newId(),
    type: notificationCreated.type,
    aggregateId: notificationId,
    aggregateVersion: 1,
    occurredAt: at.toISOString(),
    traceparent: null,
    causationId: null,
    data: { notificationId, userId },
  });
}
