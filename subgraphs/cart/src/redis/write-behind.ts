import type { Logger } from '@shop/platform/logger';
import { startPoller, type Poller } from '@shop/platform/poller';
import { RedisUnavailable, type Redis } from '@shop/platform/redis';
import type { CartCopy } from './cart-copy.js';
import { FIELDS, recordOf, type CartRecord } from './cart-record.js';
import { cartKey, copiedScript, UNCOPIED } from './cart-scripts.js';

export interface WriteBehindOptions {
  redis: Redis;
  copy: CartCopy;
  logger: Logger;
  /** How long a change waits for others, to be copied with them. */
  withinMs: number;
  /** Called with what the copy has when that is newer: Redis came back with less than it had acknowledged. */
  restore(record: CartRecord): Promise<void>;
}

/** Copies what changed in Redis. The list of it is in Redis too, so that what a killed process left behind is copied by any other. */
export interface WriteBehind extends Poller {
  /** Copies until nothing is left, or Redis is away; returns how many. Throws when the copy is away. */
  drain(): Promise<number>;
}

const BATCH = 500;
const EVERY_MS = 1_000;

export function writeBehind({ redis, copy, logger, withinMs, restore }: WriteBehindOptions): WriteBehind {
  const copyBatch = async (): Promise<number> => {
    const listed = await redis.run((client) => client.zRangeWithScores(UNCOPIED, 0, BATCH - 1));
    if (listed.length === 0) return 0;
    const found = await redis.run((client) => Promise.all(listed.map(({ value: id }) => client.hmGet(cartKey(id), FIELDS))));
    const records = listed.flatMap(({ value: id }, at) => recordOf(id, found[at] ?? []) ?? []);
    const refused = await copy.write(records);
    for (const id of refused) {
      const copied = await copy.read(id);
      if (copied) await restore(copied);
    }
    const versions = new Map(records.map(({ cart }) => [cart.id, cart.version]));
    const done = listed.flatMap(({ value: id, score }) => [id, String(versions.get(id) ?? score)]);
    await redis.evaluate(copiedScript, [UNCOPIED], done);
    return records.length;
  };
  /** Redis away is no news here: `openRedis` tells of it, and what is not copied stays on the list. */
  const work = () =>
    copyBatch().catch((error: unknown) => {
      if (error instanceof RedisUnavailable) return 0;
      throw error;
    });
  const poller = startPoller({ name: 'cart-copy', everyMs: EVERY_MS, work, logger });
  let timer: NodeJS.Timeout | null = null;
  return {
    wake: () => {
      timer ??= setTimeout(() => {
        timer = null;
        poller.wake();
      }, withinMs);
    },
    drain: poller.drain,
    [Symbol.asyncDispose]: async () => {
      if (timer) clearTimeout(timer);
      await poller
        .drain()
        .catch((err: unknown) => logger.warn({ err, reason: 'cart-copy' }, 'carts are left to be copied by another process'));
      await poller[Symbol.asyncDispose]();
    },
  };
}
