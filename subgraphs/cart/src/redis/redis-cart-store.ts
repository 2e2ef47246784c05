import { randomUUID } from 'node:crypto';
import { serviceUnavailable } from '@shop/platform/graphql-errors';
import { isUuid } from '@shop/platform/ids';
import type { Logger } from '@shop/platform/logger';
import { RedisUnavailable, type Redis } from '@shop/platform/redis';
import { emptyCart, putBackOrdered, removeOrdered, type Cart, type CartLine, type CartState } from '../cart.js';
import { REMEMBERED, type CartOrder, type ChangedCart } from '../cart-order.js';
import type { CartStore } from '../cart-store.js';
import type { CartCopy } from './cart-copy.js';
import { isAlive, type CartRecord } from './cart-record.js';
import { cartsInRedis } from './carts-in-redis.js';
import { writeBehind, type WriteBehind } from './write-behind.js';

const DAY_MS = 86_400_000;

export interface RedisCartStoreParts {
  redis: Redis;
  copy: CartCopy;
  guestCartDays: number;
  logger: Logger;
  /** How long a change may wait to be copied; 100 ms. */
  copyWithinMs?: number;
}

export interface RedisCartStore extends CartStore, AsyncDisposable {
  /**
   * Takes out of a cart what was ordered, once for each event; out of the cart that it was merged into meanwhile. Which cart that was;
   * null when there is none any more, when it was done before, or when the order is known to be rejected already.
   */
  takeOut(order: CartOrder, eventId: string, now: Date): Promise<ChangedCart | null>;
  /**
   * Puts back what a rejected order had taken out, once; into the cart that it was merged into meanwhile. Which cart that was; null when
   * there is none any more, or when it was done before. The version rises even if all lines are still there: the order that was rejected
   * has used up the one before.
   */
  putBack(order: CartOrder<CartLine>, now: Date): Promise<ChangedCart | null>;
  /** Brings what changed into the copy. Disposing the store does it a last time. */
  copying: WriteBehind;
}

/**
 * Carts in Redis, each change one script; PostgreSQL has a copy that is written behind. Redis is the only place where a cart changes, so
 * there never are two truths: while it is away carts are read from the copy, and changes are refused with SERVICE_UNAVAILABLE. A cart that
 * Redis does not have is put back from the copy when it is next asked for.
 */
export function redisCartStore({ redis, copy, guestCartDays, logger, copyWithinMs = 100 }: RedisCartStoreParts): RedisCartStore {
  const carts = cartsInRedis({ redis, copy, keepGuestMs: (guestCartDays + 1) * DAY_MS, onWritten: () => copying.wake() });
  const copying = writeBehind({ redis, copy, logger, withinMs: copyWithinMs, restore: carts.restore });
  const end = (now: Date) => new Date(now.getTime() + guestCartDays * DAY_MS);
  const fresh = (customerId: string | null, now: Date): CartRecord => ({
    cart: { id: randomUUID(), version: 1, customerId, ...emptyCart, updatedAt: now },
    expiresAt: customerId === null ? end(now) : null,
    heirId: null,
    takenOut: [],
  });
  const changed = ({ cart, ...record }: CartRecord, state: CartState, now: Date): CartRecord => ({
    ...record,
    cart: { ...cart, ...state, id: cart.id, version: cart.version + 1, updatedAt: now },
    expiresAt: cart.customerId === null ? end(now) : null,
  });
  /** Changes the cart of an order, or its heir, unless one of them remembers a mark; it remembers the first one from then on. */
  const once = async ({ cartId }: CartOrder, marks: [string, ...string[]], change: (cart: Cart) => CartState, now: Date) => {
    if (!isUuid(cartId)) return null;
    for (let holder = cartId.toLowerCase(); ;) {
      const known = await carts.read(holder);
      if (!known || marks.some((mark) => known.takenOut.includes(mark))) return null;
      if (known.heirId !== null) {
        holder = known.heirId;
        continue;
      }
      if (!isAlive(known, now)) return null;
      const takenOut = [...known.takenOut, marks[0]].slice(-REMEMBERED);
      const record = { ...changed(known, change(known.cart), now), takenOut };
      if (await carts.write(record)) return { cartId: holder, version: record.cart.version };
    }
  };
  const createForCustomer = async (customerId: string, now: Date): Promise<Cart> => {
    const known = await carts.readOfCustomer(customerId);
    if (known) return known.cart;
    const own = fresh(customerId, now);
    const id = await carts.claim(own, customerId);
    const cart = id === own.cart.id ? own.cart : (await carts.read(id))?.cart;
    if (!cart) throw serviceUnavailable('The cart');
    return cart;
  };

  return {
    copying,
    load: async (id, now) => {
      if (!isUuid(id)) return null;
      const cartId = id.toLowerCase();
      const record = await readingCopyWhenAway(
        () => carts.read(cartId),
        () => copy.read(cartId),
      );
      return record && isAlive(record, now) ? record.cart : null;
    },
    createForGuest: (now) =>
      orUnavailable(async () => {
        const made = fresh(null, now);
        await carts.write(made);
        return made.cart;
      }),
    createForCustomer: (customerId, now) => orUnavailable(() => createForCustomer(customerId, now)),
    findByCustomer: async (customerId) => {
      const record = await readingCopyWhenAway(
        () => carts.readOfCustomer(customerId),
        () => copy.readOfCustomer(customerId),
      );
      return record?.cart ?? null;
    },
    save: (cart, state, now) =>
      orUnavailable(async () => {
        const record = changed({ cart, expiresAt: null, heirId: null, takenOut: [] }, state, now);
        return (await carts.write(record)) ? { kind: 'saved', cart: record.cart } : { kind: 'stale' };
      }),
    merge: (guestCartId, customerId, decide, now) =>
      orUnavailable(async () => {
        if (!isUuid(guestCartId)) return { kind: 'not-found' };
        for (;;) {
          const ownCart = await createForCustomer(customerId, now);
          if (ownCart.id === guestCartId.toLowerCase()) return { kind: 'merged', cart: ownCart, isRepetition: true };
          const [own, guest] = await Promise.all([carts.read(ownCart.id), carts.read(guestCartId.toLowerCase())]);
          if (!own) continue;
          if (!guest || guest.cart.customerId !== null || (guest.expiresAt && guest.expiresAt <= now)) return { kind: 'not-found' };
          if (guest.heirId === own.cart.id) return { kind: 'merged', cart: own.cart, isRepetition: true };
          if (guest.heirId !== null) return { kind: 'not-found' };
          const decision = decide(own.cart, guest.cart);
          if (decision.kind === 'rejected') return decision;
          const heir = changed(own, decision.state, now);
          const gone = { ...changed(guest, emptyCart, now), expiresAt: guest.expiresAt, heirId: own.cart.id };
          if (await carts.write(heir, gone)) return { kind: 'merged', cart: heir.cart, isRepetition: false };
        }
      }),
    takeOut: (order, eventId, now) => once(order, [eventId, order.orderId], (cart) => removeOrdered(cart, order.lines), now),
    putBack: async (order, now) =>
      order.lines.length === 0 ? null : once(order, [order.orderId], (cart) => putBackOrdered(cart, order.lines), now),
    deleteExpired: (now, limit) =>
      orUnavailable(async () => {
        await copying.drain();
        const ids = await carts.expire(now, limit);
        await copy.delete(ids);
        return ids.length + (ids.length < limit ? await copy.deleteExpired(now, limit - ids.length) : 0);
      }),
    [Symbol.asyncDispose]: async () => {
      await copying[Symbol.asyncDispose]();
      await copying.drain().catch(() => 0);
    },
  };
}

async function readingCopyWhenAway<T>(read: () => Promise<T>, readCopy: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RedisUnavailable) return readCopy();
    throw error;
  }
}

async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof RedisUnavailable ? Object.assign(serviceUnavailable('The cart'), { cause }) : cause;
  }
}
