import type { Database } from '@shop/platform/database';
import type { Sql } from '@shop/platform/sql';
import { z } from 'zod';
import { cartStateSchema } from '../cart.js';
import { stateOf, type CartRecord } from './cart-record.js';

/** The durable copy of the carts in Redis: the table that `postgres-cart-store.ts` works on. Versions only rise. */
export interface CartCopy {
  read(cartId: string): Promise<CartRecord | null>;
  readOfCustomer(customerId: string): Promise<CartRecord | null>;
  /** Writes those that are newer than what is there. Returns the ids of those that are not. */
  write(records: readonly CartRecord[]): Promise<ReadonlySet<string>>;
  delete(cartIds: readonly string[]): Promise<void>;
  /** Deletes guests' carts whose time is over, at most `limit`; returns how many. */
  deleteExpired(now: Date, limit: number): Promise<number>;
}

const row = z
  .object({
    id: z.string(),
    version: z.int(),
    customer_id: z.string().nullable(),
    state: cartStateSchema,
    merged_into: z.string().nullable(),
    updated_at: z.coerce.date(),
    expires_at: z.coerce.date().nullable(),
    taken_out: z.array(z.string()),
  })
  .transform(({ id, version, customer_id, state, merged_into, updated_at, expires_at, taken_out }): CartRecord => ({
    cart: { id, version, customerId: customer_id, ...state, updatedAt: updated_at },
    expiresAt: expires_at,
    heirId: merged_into,
    takenOut: taken_out,
  }));

const columns = 'id, version, customer_id, state, merged_into, updated_at, expires_at, taken_out';

export function cartCopyIn(db: Database): CartCopy {
  const one = async (condition: string, value: string) =>
    (await db.rows(row, `select ${columns} from cart where ${condition} = $1`, [value]))[0];
  return {
    read: async (cartId) => (await one('id', cartId)) ?? null,
    readOfCustomer: async (customerId) => (await one('customer_id', customerId)) ?? null,
    write: (records) =>
      db.transaction(async (tx) => {
        await deleteForerunners(tx, records);
        const written = await tx.rows(z.object({ id: z.string() }), upsert, [JSON.stringify(records.map(rowOf))]);
        const ids = new Set(written.map(({ id }) => id));
        return new Set(records.flatMap(({ cart }) => (ids.has(cart.id) ? [] : [cart.id])));
      }),
    delete: async (cartIds) => void (await db.run(`delete from cart where id = any($1::uuid[])`, [cartIds])),
    deleteExpired: (now, limit) =>
      db.run(
        `delete from cart where id in (select id from cart where expires_at <= $1 order by expires_at limit $2 for update skip locked)`,
        [now, limit],
      ),
  };
}

/**
 * In the order of their ids, so that two processes that copy the same carts do not wait for each other in a circle. Of several carts of one
 * person the newest only: a person has one, and all carts beside them would wait for ever.
 */
const upsert = `
  insert into cart (${columns})
  select ${columns}
  from (select distinct on (coalesce(customer_id, id::text)) *
        from jsonb_to_recordset($1::jsonb) as r (id uuid, version int, customer_id text, state jsonb, merged_into uuid,
                                                 updated_at timestamptz, expires_at timestamptz, taken_out text[])
        order by coalesce(customer_id, id::text), updated_at desc) as r
  where not exists (select from cart o where o.customer_id = r.customer_id and o.id <> r.id)
  order by id
  on conflict (id) do update set version = excluded.version, state = excluded.state, merged_into = excluded.merged_into,
    updated_at = excluded.updated_at, expires_at = excluded.expires_at, taken_out = excluded.taken_out
  where cart.version < excluded.version
  returning id`;

/**
 * A person's cart of before Redis was emptied that reached the copy after the person had got another one: of the two the one written last
 * stays.
 */
async function deleteForerunners(sql: Sql, records: readonly CartRecord[]): Promise<void> {
  const owned = records.filter(({ cart }) => cart.customerId !== null);
  if (owned.length === 0) return;
  await sql.run(
    `delete from cart o using jsonb_to_recordset($1::jsonb) as r (id uuid, customer_id text, updated_at timestamptz)
     where o.customer_id = r.customer_id and o.id <> r.id and o.updated_at <= r.updated_at`,
    [JSON.stringify(owned.map(rowOf))],
  );
}

function rowOf({ cart, expiresAt, heirId, takenOut }: CartRecord) {
  return {
    id: cart.id,
    version: cart.version,
    customer_id: cart.customerId,
    state: stateOf(cart),
    merged_into: heirId,
    updated_at: cart.updatedAt,
    expires_at: expiresAt,
    taken_out: takenOut,
  };
}
