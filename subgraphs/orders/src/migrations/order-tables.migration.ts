import { Migration } from '@mikro-orm/migrations';

/** Orders with their lines and timeline inside, and parcels. */
export class OrderTables extends Migration {
  override up(): void {
    this.addSql(`create sequence order_number start 100001`);
    this.addSql(`create table orders (
      id uuid primary key,
      number text not null unique,
      status text not null check (status in
        ('PLACED', 'CONFIRMED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'REJECTED', 'RETURNED')),
      status_reason text,
      revision int not null check (revision = jsonb_array_length(timeline)),
      customer_id text,
      email text not null,
      locale text not null,
      cart_id text,
      cart_version int,
      lines jsonb not null check (jsonb_array_length(lines) > 0),
      totals jsonb not null,
      shipping_address jsonb not null,
      delivery_option jsonb not null,
      timeline jsonb not null,
      placed_at timestamptz not null,
      unique (cart_id, cart_version)
    ) with (fillfactor = 80)`);
    this.addSql(`create index orders_placed_at on orders (placed_at desc, id desc)`);
    this.addSql(`create index orders_status on orders (status, placed_at desc, id desc)`);
    this.addSql(`create index orders_customer on orders (customer_id, placed_at desc, id desc) where customer_id is not null`);
    this.addSql(`create table shipment (
      id uuid primary key,
      order_id uuid not null references orders,
      carrier text not null,
      tracking_number text,
      status text not null check (status in ('CREATED', 'IN_TRANSIT', 'OUT_FOR_DELIVERY', 'DELIVERED', 'FAILED')),
      lines jsonb not null,
      events jsonb not null,
      created_at timestamptz not null
    )`);
    this.addSql(`create index shipment_order on shipment (order_id, created_at)`);
  }
}
