import { randomUUID } from 'node:crypto';
import { serviceUnavailable } from '@shop/platform/graphql-errors';
import { isUuid } from '@shop/platform/ids';
import type { Logger } from '@shop/platform/logger';
import { RedisUnavailable, type Redis } from '@shop/platform/redis';
import { z } from 'zod';
import { emptyCart, removeOrdered, type Cart, type CartState } from '../cart.js';
import type { CartStore } from '../cart-store.js';
import type { CartCopy } from './cart-copy.js';
import { FIELDS, isAlive, recordOf, textOf, type CartRecord } from './cart-record.js';
import { cartKey, claimScript, ENDS, expireScript, ownerKey, restoreScript, UNCOPIED, writeScript } from './cart-scripts.js';
import { writeBehind, type WriteBehind } from './write-behind.js';

const DAY_MS = 86_400_000;

/**
 * After Redis has lost a cart it goes on from the copy this many versions later: further than what the copy had not got yet, so that a
 * version never means two things.
 */
export const VERSIONS_SKIPPED = 1_000;

/** How many order events a cart remembers. */
const REMEMBERED = 50;

export interface RedisCartStoreParts {
  redis: Redis;
  copy: CartCopy;
  guestCartDays: number;
  logger: Logger;
  /** How long a change may wait to be copied; 100 ms. */
  copyWithinMs?: number;
}

export interface RedisCartStore extends CartStore, AsyncDisposable {
  /** Takes out of a cart what was ordered, once for each event. The new version; null when there is nothing to take out (any more). */
  takeOut(cartId: string, ordered: readonly { sku: string; quantity: number }[], eventId: string, now: Date): Promise<number | null>;
  /** Brings what changed into the copy. Disposing the store does it a last time. */
  copying: WriteBehind;
}

/**
 * Carts in Redis, each change one script; PostgreSQL has a copy that is written behind. Redis is the only place where a cart changes, so
 * there never are two truths: while it is away carts are read from the copy, and changes are refused with SERVICE_UNAVAILABLE. A cart that
 * Redis does not have is put back from the copy when it is next asked for.
 */
export function redisCartStore({ redis, copy, guestCartDays, logger, copyWithinMs = 100 }: RedisCartStoreParts): RedisCartStore {
  const copying = writeBehind({ redis, copy, logger, withinMs: copyWithinMs, restore: (record) => restore(record) });
  const end = (now: Date) => new Date(now.getTime() + guestCartDays * DAY_MS);
  const keepMs = String((guestCartDays + 1) * DAY_MS);
  const fresh = (customerId: string | null, now: Date): CartRecord => ({
    cart: { id: randomUUID(), version: 1, customerId, ...emptyCart, updatedAt: now },
    expiresAt: customerId === null ? end(now) : null,
    heirId: null,
    takenOut: [],
  });

  const read = async (cartId: string): Promise<CartRecord | null> =>
    recordOf(cartId, await redis.run((client) => client.hmGet(cartKey(cartId), FIELDS)));
  /** Record, end, memory's end, heir and events, as the scripts want them. */
  const valuesOf = (record: CartRecord) => [
    textOf(record),
    ...(record.expiresAt ? [String(record.expiresAt.getTime()), keepMs] : ['', '']),
    record.heirId ?? '',
    record.takenOut.join(' '),
  ];
  /** Leaves alone what Redis has and is as new. */
  const restore = async (record: CartRecord): Promise<void> => {
    const { id, version, customerId } = record.cart;
    const keys = [UNCOPIED, ENDS, cartKey(id), ...(customerId === null ? [] : [ownerKey(customerId)])];
    await redis.evaluate(restoreScript, keys, [id, String(version), String(version + VERSIONS_SKIPPED), ...valuesOf(record)]);
    copying.wake();
  };
  const readOrRestore = async (cartId: string): Promise<CartRecord | null> => {
    const known = await read(cartId);
    if (known) return known;
    const copied = await copy.read(cartId);
    if (!copied) return null;
    await restore(copied);
    return read(cartId);
  };
  /** The records are as they will be, their versions one above those that were read. */
  const write = async (...records: readonly CartRecord[]): Promise<boolean> => {
    const values = records.flatMap((record) => [record.cart.id, String(record.cart.version - 1), ...valuesOf(record)]);
    const keys = [UNCOPIED, ENDS, ...records.map(({ cart }) => cartKey(cart.id))];
    const outcome = z.enum(['written', 'stale', 'absent']).parse(await redis.evaluate(writeScript, keys, values));
    if (outcome === 'written') copying.wake();
    return outcome === 'written';
  };
  const idOfCustomer = async (customerId: string): Promise<string | null> => {
    const known = await redis.run((client) => client.get(ownerKey(customerId)));
    if (known !== null) return known;
    const copied = await copy.readOfCustomer(customerId);
    if (copied) await restore(copied);
    return redis.run((client) => client.get(ownerKey(customerId)));
  };
  const ofCustomer = async (customerId: string): Promise<Cart | null> => {
    const id = await idOfCustomer(customerId);
    return id === null ? null : ((await readOrRestore(id))?.cart ?? null);
  };
  const createForCustomer = async (customerId: string, now: Date): Promise<Cart> => {
    const known = await ofCustomer(customerId);
    if (known) return known;
    const own = fresh(customerId, now);
    const keys = [UNCOPIED, ENDS, cartKey(own.cart.id), ownerKey(customerId)];
    const id = z.string().parse(await redis.evaluate(claimScript, keys, [own.cart.id, textOf(own), cartKey('')]));
    copying.wake();
    const cart = id === own.cart.id ? own.cart : (await readOrRestore(id))?.cart;
    if (!cart) throw serviceUnavailable('The cart');
    return cart;
  };
  const changed = ({ cart, ...record }: CartRecord, state: CartState, now: Date): CartRecord => ({
    ...record,
    cart: { ...cart, ...state, id: cart.id, version: cart.version + 1, updatedAt: now },
    expiresAt: cart.customerId === null ? end(now) : null,
  });

  return {
    copying,
    load: async (id, now) => {
      if (!isUuid(id)) return null;
      const cartId = id.toLowerCase();
      const record = await readingCopyWhenAway(
        () => readOrRestore(cartId),
        () => copy.read(cartId),
      );
      return record && isAlive(record, now) ? record.cart : null;
    },
    createForGuest: (now) =>
      orUnavailable(async () => {
        const made = fresh(null, now);
        // Version 0 stands for "there is none": the script writes the one that follows it.
        await write(made);
        return made.cart;
      }),
    createForCustomer: (customerId, now) => orUnavailable(() => createForCustomer(customerId, now)),
    findByCustomer: (customerId) =>
      readingCopyWhenAway(
        () => ofCustomer(customerId),
        async () => (await copy.readOfCustomer(customerId))?.cart ?? null,
      ),
    save: (cart, state, now) =>
      orUnavailable(async () => {
        const record = changed({ cart, expiresAt: null, heirId: null, takenOut: [] }, state, now);
        return (await write(record)) ? { kind: 'saved', cart: record.cart } : { kind: 'stale' };
      }),
    merge: (guestCartId, customerId, decide, now) =>
      orUnavailable(async () => {
        if (!isUuid(guestCartId)) return { kind: 'not-found' };
        for (;;) {
          const ownCart = await createForCustomer(customerId, now);
          if (ownCart.id === guestCartId.toLowerCase()) return { kind: 'merged', cart: ownCart, isRepetition: true };
          const [own, guest] = await Promise.all([readOrRestore(ownCart.id), readOrRestore(guestCartId.toLowerCase())]);
          if (!own) continue;
          if (!guest || guest.cart.customerId !== null || (guest.expiresAt && guest.expiresAt <= now)) return { kind: 'not-found' };
          if (guest.heirId === own.cart.id) return { kind: 'merged', cart: own.cart, isRepetition: true };
          if (guest.heirId !== null) return { kind: 'not-found' };
          const decision = decide(own.cart, guest.cart);
          if (decision.kind === 'rejected') return decision;
          const heir = changed(own, decision.state, now);
          const gone = { ...changed(guest, emptyCart, now), expiresAt: guest.expiresAt, heirId: own.cart.id };
          if (await write(heir, gone)) return { kind: 'merged', cart: heir.cart, isRepetition: false };
        }
      }),
    takeOut: async (id, ordered, eventId, now) => {
      if (!isUuid(id)) return null;
      for (;;) {
        const known = await readOrRestore(id.toLowerCase());
        if (!known || known.heirId !== null || known.takenOut.includes(eventId)) return null;
        const record = {
          ...changed(known, removeOrdered(known.cart, ordered), now),
          takenOut: [...known.takenOut, eventId].slice(-REMEMBERED),
        };
        if (await write(record)) return record.cart.version;
      }
    },
    deleteExpired: (now, limit) =>
      orUnavailable(async () => {
        await copying.drain();
        const answer = await redis.evaluate(expireScript, [UNCOPIED, ENDS], [String(now.getTime()), String(limit), cartKey('')]);
        const ids = z.array(z.string()).parse(answer);
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
