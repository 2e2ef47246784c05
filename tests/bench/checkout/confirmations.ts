import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { BuyableShop } from './buyable-shop.js';

const rowSchema = z.object({ id: z.string(), status: z.string() });

export interface Confirmations extends Disposable {
  /** Resolves with what becomes of the order: CONFIRMED, if all goes well. Rejects when its database cannot be read. */
  wait(orderId: string): Promise<string>;
}

/** Sees orders leave PLACED in their own database every 10 ms, so that watching costs the shop nearly nothing. */
export function confirmations(shop: BuyableShop): Confirmations {
  const waiting = new Map<string, PromiseWithResolvers<string>>();
  let isStopped = false;
  const look = async () => {
    const ids = [...waiting.keys()];
    if (ids.length === 0) return;
    const rows = await shop.sql('orders', `select id, status from orders where id = any($1::uuid[]) and status <> 'PLACED'`, [ids]);
    for (const { id, status } of z.array(rowSchema).parse(rows)) {
      waiting.get(id)?.resolve(status);
      waiting.delete(id);
    }
  };
  const watch = async () => {
    for (; !isStopped; await delay(10)) await look();
  };
  watch().catch((error: unknown) => {
    for (const waiter of waiting.values()) waiter.reject(error);
  });
  return {
    wait: (id) => {
      const waiter = Promise.withResolvers<string>();
      waiting.set(id, waiter);
      return waiter.promise;
    },
    [Symbol.dispose]: () => {
      isStopped = true;
    },
  };
}
