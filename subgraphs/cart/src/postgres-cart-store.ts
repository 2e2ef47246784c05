import { randomUUID } from 'node:crypto';
import type { Database } from '@shop/platform/database';
import type { Sql } from '@shop/platform/sql';
import { isUuid } from '@shop/platform/ids';
import { z } from 'zod';
import { cartStateSchema, emptyCart, putBackOrdered, removeOrdered, type Cart, type CartLine, type CartState } from './cart.js';
import { REMEMBERED, type CartOrder, type ChangedCart } from './cart-order.js';
import type { CartStore } from './cart-store.js';

const DAY_MS = 86_400_000;

const cartRow = z
  .object({ id: z.string(), version: z.int(), customer_id: z.string().nullable(), state: cartStateSchema, updated_at: z.coerce.date() })
  .transform(({ customer_id, updated_at, state, ...row }): Cart => ({ ...row, ...state, customerId: customer_id, updatedAt: updated_at }));

const guestRow = z.object({ cart: cartRow, merged_into: z.string().nullable() });

const columns = 'id, version, customer_id, state, updated_at';
const alive = '(merged_into is null and (expires_at is null or expires_at > $2))';

/**
 * Carts as one jsonb row each. A guest's expiry moves only when it is a day off: a column without a new value keeps its index entry, so
 * that an update stays on its page.
 */
export function postgresCartStore(db: Database, { guestCartDays }: { guestCartDays: number }): CartStore {
  const expiry = (now: Date) => new Date(now.getTime() + guestCartDays * DAY_MS);
  const insert = async (sql: Sql, customerId: string | null, now: Date): Promise<Cart> => {
    const [cart] = await sql.rows(
      cartRow,
      `insert into cart (id, version, customer_id, state, updated_at, expires_at) values ($1, 1, $2, $3, $4, $5)
       on conflict (customer_id) where customer_id is not null do update set customer_id = excluded.customer_id returning ${columns}`,
      [randomUUID(), customerId, JSON.stringify(emptyCart), now, customerId === null ? expiry(now) : null],
    );
    if (!cart) throw new Error('An insert that returns nothing.');
    return cart;
  };
  const write = async (sql: Sql, cart: Cart, state: CartState, now: Date): Promise<boolean> => {
    const written = await sql.run(
      `update cart set version = version + 1, state = $3, updated_at = $4,
              expires_at = case when expires_at < $5::timestamptz - interval '1 day' then $5 else expires_at end
       where id = $1 and version = $2 and merged_into is null`,
      [cart.id, cart.version, textOf(state), now, expiry(now)],
    );
    return written === 1;
  };

  return {
    load: async (cartId, now) => {
      if (!isUuid(cartId)) return null;
      const [cart] = await db.rows(cartRow, `select ${columns} from cart where id = $1 and ${alive}`, [cartId, now]);
      return cart ?? null;
    },
    createForGuest: (now) => insert(db, null, now),
    createForCustomer: (customerId, now) => insert(db, customerId, now),
    findByCustomer: async (customerId) => {
      const [cart] = await db.rows(cartRow, `select ${columns} from cart where customer_id = $1`, [customerId]);
      return cart ?? null;
    },
    save: async (cart, state, now) =>
      (await write(db, cart, state, now)) ? { kind: 'saved', cart: next(cart, state, now) } : { kind: 'stale' },
    merge: async (guestCartId, customerId, decide, now) => {
      if (!isUuid(guestCartId)) return { kind: 'not-found' };
      return db.transaction(async (tx) => {
        // Every merge locks the person's cart first and the guest's second, so two of them never wait for each other in a circle.
        const own = await insert(tx, customerId, now);
        if (own.id === guestCartId) return { kind: 'merged', cart: own, isRepetition: true };
        const guest = await lockGuest(tx, guestCartId, now);
        if (guest?.merged_into === own.id) return { kind: 'merged', cart: own, isRepetition: true };
        if (!guest || guest.merged_into !== null || guest.cart.customerId !== null) return { kind: 'not-found' };
        const decision = decide(own, guest.cart);
        if (decision.kind === 'rejected') return decision;
        await write(tx, own, decision.state, now);
        await tx.run(`update cart set merged_into = $2, version = version + 1, state = $3, updated_at = $4 where id = $1`, [
          guestCartId,
          own.id,
          JSON.stringify(emptyCart),
          now,
        ]);
        return { kind: 'merged', cart: next(own, decision.state, now), isRepetition: false };
      });
    },
    deleteExpired: (now, limit) =>
      db.run(
        `delete from cart where id in (select id from cart where expires_at <= $1 order by expires_at limit $2 for update skip locked)`,
        [now, limit],
      ),
  };
}

/**
 * Takes out of a cart what was ordered, in the caller's transaction; out of the cart that it was merged into meanwhile. Which cart that
 * was; null when there is none any more, or when the order is known to be rejected already. A repetition takes out again.
 */
export async function takeOutOrdered(sql: Sql, order: CartOrder, now: Date): Promise<ChangedCart | null> {
  const cart = await lockHolder(sql, order, now);
  if (!cart) return null;
  await sql.run(`update cart set version = version + 1, state = $2, updated_at = $3 where id = $1`, [
    cart.id,
    textOf(removeOrdered(cart, order.lines)),
    now,
  ]);
  return { cartId: cart.id, version: cart.version + 1 };
}

/**
 * Puts back what a rejected order had taken out, in the caller's transaction, and remembers the order: once, however often it is asked
 * for. Into the cart that it was merged into meanwhile. Which cart that was; null when there is none any more, or when it was done before.
 * The version rises even if all lines are still there: the order that was rejected has used up the one before.
 */
export async function putBackRejected(sql: Sql, order: CartOrder<CartLine>, now: Date): Promise<ChangedCart | null> {
  if (order.lines.length === 0) return null;
  const cart = await lockHolder(sql, order, now);
  if (!cart) return null;
  await sql.run(
    `update cart set version = version + 1, state = $2, updated_at = $3,
            taken_out = (array_append(taken_out, $4::text))[greatest(1, cardinality(taken_out) + 2 - $5::int):]
     where id = $1`,
    [cart.id, textOf(putBackOrdered(cart, order.lines)), now, order.orderId, REMEMBERED],
  );
  return { cartId: cart.id, version: cart.version + 1 };
}

async function lockHolder(sql: Sql, { cartId, orderId }: CartOrder, now: Date): Promise<Cart | null> {
  if (!isUuid(cartId)) return null;
  const lock = () =>
    sql.rows(
      cartRow,
      `select ${columns} from cart
       where id = (select coalesce(merged_into, id) from cart where id = $1) and ${alive}
         and not $3 = any(taken_out) and not exists (select from cart where id = $1 and $3 = any(taken_out)) for update`,
      [cartId, now, orderId],
    );
  // One that is merged while its lock is waited for is not found; the second look finds its heir.
  return (await lock())[0] ?? (await lock())[0] ?? null;
}

async function lockGuest(sql: Sql, cartId: string, now: Date): Promise<z.output<typeof guestRow> | null> {
  const [row] = await sql.rows(
    z.looseObject({ merged_into: z.string().nullable() }).transform(({ merged_into, ...cart }) => guestRow.parse({ cart, merged_into })),
    `select ${columns}, merged_into from cart where id = $1 and (expires_at is null or expires_at > $2) for update`,
    [cartId, now],
  );
  return row ?? null;
}

function textOf({ lines, shippingAddress, deliveryOptionCode }: CartState): string {
  return JSON.stringify({ lines, shippingAddress, deliveryOptionCode } satisfies CartState);
}

function next(cart: Cart, state: CartState, now: Date): Cart {
  return { ...cart, ...state, id: cart.id, version: cart.version + 1, updatedAt: now };
}
