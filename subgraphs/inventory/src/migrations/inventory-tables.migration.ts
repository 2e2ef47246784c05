import { Migration } from '@mikro-orm/migrations';

/** Warehouses, stock, reservations, and the ledger that every change of on_hand is written into. */
export class InventoryTables extends Migration {
  override up(): void {
    this.addSql(`create table warehouse (
      id uuid primary key,
      code text not null unique,
      name text not null,
      country text not null,
      priority int not null
    )`);
    this.addSql(`create table stock_item (
      sku text primary key,
      safety_stock int not null check (safety_stock >= 0),
      version int not null default 1,
      changed_at timestamptz not null
    )`);
    this.addSql(`create table stock_level (
      sku text not null references stock_item,
      warehouse_id uuid not null references warehouse,
      on_hand int not null default 0 check (on_hand >= 0),
      reserved int not null default 0 check (reserved >= 0),
      primary key (sku, warehouse_id),
      check (reserved <= on_hand)
    ) with (fillfactor = 70)`);
    this.addSql(`create table reservation (
      order_id text primary key,
      status text not null check (status in ('HELD', 'COMMITTED', 'RELEASED', 'EXPIRED')),
      expires_at timestamptz,
      lines jsonb not null,
      updated_at timestamptz not null,
      check ((status = 'HELD') = (expires_at is not null))
    )`);
    this.addSql(`create index reservation_expires_at on reservation (expires_at) where status = 'HELD'`);
    this.addSql(`create table stock_movement (
      id bigint generated always as identity primary key,
      sku text not null,
      warehouse_id uuid not null,
      delta int not null,
      kind text not null,
      reference text not null,
      at timestamptz not null,
      foreign key (sku, warehouse_id) references stock_level,
      check (case kind
        when 'RECEIVED' then delta > 0
        when 'RETURNED' then delta > 0
        when 'COMMITTED' then delta < 0
        when 'ADJUSTED' then delta <> 0
        when 'COUNTED' then true
        else false end)
    )`);
    this.addSql(`create index stock_movement_sku on stock_movement (sku, warehouse_id)`);
    this.addSql(`create unique index stock_movement_counted on stock_movement (reference, sku, warehouse_id) where kind = 'COUNTED'`);
    this.addSql(`create function refuse_ledger_change() returns trigger language plpgsql as $$
      begin raise exception 'stock_movement is append-only'; end $$`);
    this.addSql(`create trigger stock_movement_append_only before update or delete on stock_movement
      for each row execute function refuse_ledger_change()`);
    this.addSql(`create trigger stock_movement_never_emptied before truncate on stock_movement
      for each statement execute function refuse_ledger_change()`);
  }
}
