import type { Redis } from '@shop/platform/redis';
import { z } from 'zod';
import type { CartCopy } from './cart-copy.js';
import { FIELDS, recordOf, textOf, type CartRecord } from './cart-record.js';
import { cartKey, claimScript, ENDS, expireScript, ownerKey, restoreScript, UNCOPIED, writeScript } from './cart-scripts.js';

/**
 * After Redis has lost a cart it goes on from the copy this many versions later: further than what the copy had not got yet, so that a
 * version never means two things.
 */
export const VERSIONS_SKIPPED = 1_000;

export interface CartsInRedisParts {
  redis: Redis;
  copy: CartCopy;
  /** How long Redis keeps a guest's cart that nobody writes or deletes, in ms; longer than the cart lives. */
  keepGuestMs: number;
  /** Called after every write: the copy lacks something. */
  onWritten(): void;
}

/** The steps that carts are read and written by, each atomic. A cart that Redis lacks is put back from the copy before it is read. */
export interface CartsInRedis {
  read(cartId: string): Promise<CartRecord | null>;
  readOfCustomer(customerId: string): Promise<CartRecord | null>;
  /** All or none. The records are as they will be, their versions one above those that were read; 1 is for one that is new. */
  write(...records: readonly CartRecord[]): Promise<boolean>;
  /** Makes this the person's cart, unless they have one. Returns the id of the one that they have then. */
  claim(record: CartRecord, customerId: string): Promise<string>;
  /** Puts a record of the copy back, where Redis has nothing or something older. */
  restore(record: CartRecord): Promise<void>;
  /** Deletes guests' carts whose time is over, at most `limit`; returns their ids. */
  expire(now: Date, limit: number): Promise<string[]>;
}

export function cartsInRedis({ redis, copy, keepGuestMs, onWritten }: CartsInRedisParts): CartsInRedis {
  const readKnown = async (cartId: string): Promise<CartRecord | null> =>
    recordOf(cartId, await redis.run((client) => client.hmGet(cartKey(cartId), FIELDS)));
  /** Record, end, memory's end, heir and events, as the scripts want them. */
  const valuesOf = (record: CartRecord) => [
    textOf(record),
    ...(record.expiresAt ? [String(record.expiresAt.getTime()), String(keepGuestMs)] : ['', '']),
    record.heirId ?? '',
    record.takenOut.join(' '),
  ];
  const restore: CartsInRedis['restore'] = async (record) => {
    const { id, version, customerId } = record.cart;
    const keys = [UNCOPIED, ENDS, cartKey(id), ...(customerId === null ? [] : [ownerKey(customerId)])];
    await redis.evaluate(restoreScript, keys, [id, String(version), String(version + VERSIONS_SKIPPED), ...valuesOf(record)]);
    onWritten();
  };
  const read: CartsInRedis['read'] = async (cartId) => {
    const known = await readKnown(cartId);
    if (known) return known;
    const copied = await copy.read(cartId);
    if (!copied) return null;
    await restore(copied);
    return readKnown(cartId);
  };
  const idOfCustomer = (customerId: string) => redis.run((client) => client.get(ownerKey(customerId)));
  return {
    read,
    restore,
    readOfCustomer: async (customerId) => {
      let id = await idOfCustomer(customerId);
      const copied = id === null ? await copy.readOfCustomer(customerId) : null;
      if (copied) {
        await restore(copied);
        id = await idOfCustomer(customerId);
      }
      return id === null ? null : read(id);
    },
    write: async (...records) => {
      const values = records.flatMap((record) => [record.cart.id, String(record.cart.version - 1), ...valuesOf(record)]);
      const keys = [UNCOPIED, ENDS, ...records.map(({ cart }) => cartKey(cart.id))];
      const outcome = z.enum(['written', 'stale', 'absent']).parse(await redis.evaluate(writeScript, keys, values));
      if (outcome === 'written') onWritten();
      return outcome === 'written';
    },
    claim: async (record, customerId) => {
      const { id } = record.cart;
      const keys = [UNCOPIED, ENDS, cartKey(id), ownerKey(customerId)];
      const owned = z.string().parse(await redis.evaluate(claimScript, keys, [id, textOf(record), cartKey('')]));
      onWritten();
      return owned;
    },
    expire: async (now, limit) =>
      z.array(z.string()).parse(await redis.evaluate(expireScript, [UNCOPIED, ENDS], [String(now.getTime()), String(limit), cartKey('')])),
  };
}
