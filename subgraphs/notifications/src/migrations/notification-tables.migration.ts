import { Migration } from '@mikro-orm/migrations';

/** What people were told, and how each notification reaches them. */
export class NotificationTables extends Migration {
  override up(): void {
    this.addSql(`create table notification (
      id uuid primary key,
      user_id text,
      recipient text not null,
      topic text not null,
      event_id uuid not null,
      order_id text,
      subject text not null,
      body text not null,
      html text not null,
      created_at timestamptz not null,
      read_at timestamptz,
      unique (recipient, topic, event_id)
    )`);
    this.addSql(`create index notification_of_user on notification (user_id, id) where user_id is not null`);
    this.addSql(`create index notification_unread on notification (user_id) where user_id is not null and read_at is null`);
    this.addSql(`create table notification_delivery (
      id uuid primary key,
      notification_id uuid not null references notification on delete cascade,
      channel text not null check (channel in ('EMAIL', 'SMS', 'PUSH', 'IN_APP')),
      status text not null check (status in ('QUEUED', 'SENT', 'FAILED', 'SUPPRESSED')),
      address text,
      attempts int not null default 0,
      next_attempt_at timestamptz,
      sent_at timestamptz,
      last_error text,
      unique (notification_id, channel),
      check ((status = 'QUEUED') = (next_attempt_at is not null)),
      check ((status = 'SENT') = (sent_at is not null))
    )`);
    this.addSql(`create index notification_delivery_due on notification_delivery (next_attempt_at) where status = 'QUEUED'`);
  }
}
