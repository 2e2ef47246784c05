import { Migration } from '@mikro-orm/migrations';

export class CreatePayments extends Migration {
  override up(): void {
    this.addSql(`create table payment (
      id uuid primary key,
      order_id text not null constraint payment_order_unique unique,
      order_number text not null,
      customer_id text,
      email text not null,
      locale text not null,
      status text not null check (status in
        ('CREATED', 'REQUIRES_ACTION', 'AUTHORIZED', 'CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED', 'DECLINED', 'FAILED')),
      amount_minor bigint not null check (amount_minor >= 0),
      captured_minor bigint not null default 0,
      refunded_minor bigint not null default 0,
      currency text not null,
      is_tombstone boolean not null default false,
      has_refunds boolean not null default false,
      void_reason text,
      provider_id text constraint payment_provider_unique unique,
      method jsonb,
      next_action_url text,
      decline_code text,
      decline_message text,
      created_at timestamptz not null,
      constraint payment_money check (0 <= refunded_minor and refunded_minor <= captured_minor and captured_minor <= amount_minor)
    )`);
    this.addSql(`create table refund (
      id text primary key,
      payment_id uuid not null references payment (id),
      amount_minor bigint not null check (amount_minor > 0),
      status text not null check (status in ('pending', 'done', 'refused')),
      reason text not null,
      provider_refund_id text constraint refund_provider_unique unique,
      created_at timestamptz not null default now()
    )`);
    this.addSql(`create index refund_payment on refund (payment_id)`);
    this.addSql(`create table provider_call (
      key text primary key,
      payment_id uuid not null references payment (id),
      kind text not null check (kind in ('authorize', 'capture', 'void', 'refund')),
      refund_id text,
      payment_token text,
      attempts int not null default 0,
      next_attempt_at timestamptz not null,
      leased_until timestamptz,
      traceparent text,
      causation_id uuid,
      created_at timestamptz not null
    )`);
    this.addSql(`create index provider_call_due on provider_call (next_attempt_at)`);
    this.addSql(`create index provider_call_payment on provider_call (payment_id)`);
    this.addSql(`create table provider_event (
      id text primary key,
      type text not null,
      received_at timestamptz not null
    )`);
    this.addSql(`create index provider_event_received_at on provider_event (received_at)`);
    this.ledger();
  }

  private ledger(): void {
    this.addSql(`create table ledger_entry (
      position bigint generated always as identity primary key,
      booking_id text not null,
      payment_id uuid not null references payment (id),
      account text not null check (account in ('provider_receivable', 'customer')),
      amount_minor bigint not null check (amount_minor <> 0),
      currency text not null,
      booked_at timestamptz not null,
      constraint ledger_entry_once unique (booking_id, account)
    )`);
    this.addSql(`create index ledger_entry_payment on ledger_entry (payment_id)`);
    this.addSql(`create function ledger_is_balanced() returns trigger language plpgsql as $$
      begin
        if exists (select from ledger_entry where booking_id = new.booking_id group by currency having sum(amount_minor) <> 0) then
          raise exception 'booking % does not add up to zero', new.booking_id using errcode = 'check_violation';
        end if;
        return null;
      end $$`);
    this.addSql(`create constraint trigger ledger_entry_balanced after insert on ledger_entry
      deferrable initially deferred for each row execute function ledger_is_balanced()`);
    this.addSql(`create function ledger_is_append_only() returns trigger language plpgsql as $$
      begin
        raise exception 'the ledger is append-only' using errcode = 'insufficient_privilege';
      end $$`);
    this.addSql(`create trigger ledger_entry_append_only before update or delete or truncate on ledger_entry
      for each statement execute function ledger_is_append_only()`);
  }
}
