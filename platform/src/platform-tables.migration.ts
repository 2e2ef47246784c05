import { Migration } from '@mikro-orm/migrations';

/** Outbox, inbox, dead letters, sagas and idempotency keys: the same in every subgraph's own database. */
export class PlatformTables extends Migration {
  override up(): void {
    this.addSql(`create table outbox (
      position bigint generated always as identity primary key,
      id uuid not null unique,
      type text not null,
      aggregate_id text not null,
      aggregate_version int not null,
      data jsonb not null,
      causation_id uuid,
      traceparent text,
      occurred_at timestamptz not null default clock_timestamp(),
      attempts int not null default 0,
      sent_at timestamptz,
      unique (aggregate_id, aggregate_version)
    )`);
    this.addSql(`create index outbox_unsent on outbox (position) where sent_at is null`);
    this.addSql(`create index outbox_sent_at on outbox (sent_at) where sent_at is not null`);
    this.addSql(`create table inbox (
      consumer text not null,
      event_id uuid not null,
      received_at timestamptz not null default now(),
      primary key (consumer, event_id)
    )`);
    this.addSql(`create index inbox_received_at on inbox (received_at)`);
    this.addSql(`create table dead_letter (
      consumer text not null,
      event_id uuid not null,
      event jsonb not null,
      error text not null,
      attempts int not null,
      first_at timestamptz not null default now(),
      last_at timestamptz not null default now(),
      primary key (consumer, event_id)
    )`);
    this.addSql(`create table saga (
      type text not null,
      id text not null,
      state jsonb not null,
      version int not null default 1,
      deadline_at timestamptz,
      updated_at timestamptz not null default now(),
      primary key (type, id)
    )`);
    this.addSql(`create index saga_deadline on saga (deadline_at) where deadline_at is not null`);
    this.addSql(`create table idempotency (
      scope text not null,
      key text not null,
      request_hash text not null,
      response jsonb,
      locked_until timestamptz not null,
      is_kept boolean not null default false,
      created_at timestamptz not null default now(),
      primary key (scope, key)
    )`);
    this.addSql(`create index idempotency_created_at on idempotency (created_at)`);
  }
}

/** Tables that belong to the platform, not to a subgraph's entities. */
export const PLATFORM_TABLES = ['outbox', 'inbox', 'dead_letter', 'saga', 'idempotency', 'lease', 'mikro_orm_migrations'];
