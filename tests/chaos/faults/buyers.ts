import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { checkOut, guestCart, someSkus, type ReadyCart } from '../../kit/buyer.js';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { until } from '../../kit/until.js';
import { expectBooksToCheck } from './shop-under-fault.js';

/** One buyer's wish: however often it is tried, one order may come of it. */
export interface Purchase {
  cart: ReadyCart;
  idempotencyKey: string;
}

export interface Bought {
  orderId: string;
  /** What went wrong before it worked. */
  failures: string[];
}

/** How long a buyer tries on. */
const PATIENCE_MS = 60_000;

/** Carts that are ready to be checked out, of products taken in turn. */
export async function readyCarts(shop: ShopInStack, count: number): Promise<Purchase[]> {
  const skus = await someSkus(shop, 20);
  return Promise.all(
    Array.from({ length: count }, async (_, place) => ({
      cart: await guestCart(shop)
        .with(skus[place % skus.length] ?? '', 1 + (place % 2))
        .ready(),
      idempotencyKey: randomUUID(),
    })),
  );
}

/** Checks out until an order comes of it, always with the same key. */
export async function buy({ cart, idempotencyKey }: Purchase): Promise<Bought> {
  const failures: string[] = [];
  const tryOnce = async (): Promise<string | null> => {
    const answer = await checkOut(cart, { idempotencyKey }).catch((error: unknown) => String(error));
    if (typeof answer !== 'string' && 'order' in answer) return answer.order.id;
    failures.push(typeof answer === 'string' ? answer : answer.code);
    return null;
  };
  try {
    return { orderId: await until(tryOnce, { timeoutMs: PATIENCE_MS, what: 'an order' }), failures };
  } catch (error) {
    throw new Error(`No order came of a cart: ${[...new Set(failures)].join('; ')}`, { cause: error });
  }
}

export const buyAll = (purchases: readonly Purchase[]): Promise<Bought[]> => Promise.all(purchases.map(buy));

/** Fills a cart, and checks it out, each step until it works. */
export async function buyFromTheStart(shop: ShopInStack, sku: string): Promise<Bought> {
  const cart = await until(() => guestCart(shop).with(sku).ready(), { timeoutMs: PATIENCE_MS, what: 'a cart' });
  return buy({ cart, idempotencyKey: randomUUID() });
}

/** Each purchase is one order, confirmed and paid for once, and the books check; within a minute. */
export async function expectAllConfirmed(shop: ShopInStack, bought: readonly Bought[], except: RegExp | null = null): Promise<void> {
  await expectBooksToCheck(shop, except);
  const ids = bought.map(({ orderId }) => orderId);
  expect(new Set(ids).size).toBe(ids.length);
  const statuses = await shop.sql('orders', 'select status, count(*)::int as orders from orders where id = any($1::uuid[]) group by 1', [
    ids,
  ]);
  expect(statuses).toEqual([{ status: 'CONFIRMED', orders: ids.length }]);
}

/** No cart became more orders than one. */
export async function expectOneOrderEach(shop: ShopInStack, purchases: readonly Purchase[]): Promise<void> {
  const ids = purchases.map(({ cart }) => cart.id);
  const orders = await shop.sql('orders', 'select cart_id, count(*)::int as orders from orders where cart_id = any($1) group by 1', [ids]);
  expect(orders).toEqual(expect.arrayContaining(ids.map((cart_id) => ({ cart_id, orders: 1 }))));
}
