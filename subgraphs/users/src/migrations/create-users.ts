import { Migration } from '@mikro-orm/migrations';

export class CreateUsers extends Migration {
  override up(): void {
    this.addSql(`create table users (
      id uuid primary key,
      email text not null constraint users_email_unique unique check (email = lower(email)),
      display_name text not null,
      locale text not null default 'en',
      roles text[] not null,
      password_hash text not null,
      created_at timestamptz not null
    )`);
    this.addSql(`create table address_book_entry (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      label text,
      address jsonb not null,
      is_default_shipping boolean not null,
      is_default_billing boolean not null,
      created_at timestamptz not null
    )`);
    this.addSql(`create index address_book_entry_user on address_book_entry (user_id, created_at)`);
    this.addSql(`create unique index address_book_entry_shipping on address_book_entry (user_id) where is_default_shipping`);
    this.addSql(`create unique index address_book_entry_billing on address_book_entry (user_id) where is_default_billing`);
    this.addSql(`create table session (
      id uuid primary key,
      user_id uuid not null references users (id) on delete cascade,
      created_at timestamptz not null,
      last_refreshed_at timestamptz not null,
      revoked_at timestamptz
    )`);
    this.addSql(`create index session_user_id on session (user_id)`);
    this.addSql(`create index session_last_refreshed_at on session (last_refreshed_at)`);
    this.addSql(`create table refresh_token (
      token_hash bytea primary key,
      session_id uuid not null references session (id) on delete cascade,
      expires_at timestamptz not null,
      rotated_at timestamptz
    )`);
    this.addSql(`create index refresh_token_session on refresh_token (session_id)`);
    this.addSql(`create index refresh_token_expires_at on refresh_token (expires_at)`);
    this.addSql(`create table sign_in_failure (
      account_hash bytea primary key,
      failures int not null,
      last_failed_at timestamptz not null
    )`);
    this.addSql(`create index sign_in_failure_last_failed_at on sign_in_failure (last_failed_at)`);
    this.addSql(`create table address_budget (
      key text primary key,
      used_until timestamptz not null
    )`);
    this.addSql(`create index address_budget_used_until on address_budget (used_until)`);
    this.addSql(`create table signing_key (
      kid text primary key,
      private_jwk jsonb not null,
      created_at timestamptz not null
    )`);
  }
}
