import { Migration } from '@mikro-orm/migrations';

/** Carts, and how much of each SKU can be bought as inventory last told. */
export class CartTables extends Migration {
  override up(): void {
    this.addSql(`create table cart (
      id uuid primary key,
      version int not null check (version > 0),
      customer_id text,
      state jsonb not null,
      merged_into uuid,
      updated_at timestamptz not null,
      expires_at timestamptz,
      check (customer_id is null or merged_into is null)
    ) with (fillfactor = 60)`);
    this.addSql(`create unique index cart_customer on cart (customer_id) where customer_id is not null`);
    this.addSql(`create index cart_expires_at on cart (expires_at) where expires_at is not null`);
    this.addSql(`create table stock_view (
      sku text primary key,
      available int not null,
      version int not null
    ) with (fillfactor = 60)`);
  }
}
