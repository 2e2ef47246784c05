import { openDatabase } from '@shop/platform/database';
import type { CartState, SeenVariant } from './cart.js';
import { cartMigrations } from './migrations.js';

export interface CartSeedData {
  carts: {
    /** A UUID. */
    id: string;
    customerId: string;
    updatedAt: Date;
    lines: ({ sku: string; quantity: number } & SeenVariant)[];
  }[];
  /** What can be bought, with the version that inventory will count on from. */
  stock?: { sku: string; available: number; version: number }[];
}

/** Inserts carts of customers, and what is in stock, in one transaction; what is there already stays. Emits nothing. */
export async function seedCarts(databaseUrl: string, { carts, stock = [] }: CartSeedData): Promise<void> {
  await using db = await openDatabase({ url: databaseUrl, entities: [], migrations: cartMigrations, poolSize: 1 });
  await db.migrate();
  const rows = carts.map(({ id, customerId, updatedAt, lines }) => ({
    id,
    customer_id: customerId,
    updated_at: updatedAt,
    state: stateOf(id, lines),
  }));
  await db.longTransaction(async (tx) => {
    await tx.run(
      `insert into cart (id, version, customer_id, state, updated_at)
       select id, 1, customer_id, state, updated_at
       from jsonb_to_recordset($1::jsonb) as c (id uuid, customer_id text, state jsonb, updated_at timestamptz) on conflict do nothing`,
      [JSON.stringify(rows)],
    );
    await tx.run(
      `insert into stock_view (sku, available, version)
       select sku, available, version from jsonb_to_recordset($1::jsonb) as s (sku text, available int, version int) on conflict do nothing`,
      [JSON.stringify(stock)],
    );
  });
}

function stateOf(cartId: string, lines: CartSeedData['carts'][number]['lines']): CartState {
  return {
    lines: lines.map(({ sku, quantity, ...seen }, index) => ({ id: `${cartId}-${index + 1}`, sku, quantity, seen })),
    shippingAddress: null,
    deliveryOptionCode: null,
  };
}
