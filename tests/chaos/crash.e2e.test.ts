import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Failpoint } from '@shop/platform/failpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkOut, guestCart, type ReadyCart } from '../kit/buyer.js';
import { shopProcess, type ShopProcess } from '../kit/shop-process.js';
import { until, untilBooksCheck } from '../kit/until.js';

const stocked = z.object({
  nodes: z.array(z.object({ variants: z.array(z.object({ sku: z.string(), availability: z.object({ status: z.string() }) })) })),
});
const journalLine = z.object({
  intent: z
    .object({ id: z.string(), metadata: z.record(z.string(), z.string()), charge: z.object({ status: z.string() }).nullable() })
    .optional(),
});

interface Purchase {
  cart: ReadyCart;
  idempotencyKey: string;
  paymentToken: string;
}

/** Which moment, at which passing: early, amid and late in the story of eight orders. */
const crashes: [Failpoint, number][] = [
  ['relay-before-publish', 1],
  ['relay-before-publish', 30],
  ['relay-after-publish', 2],
  ['relay-after-publish', 45],
  ['consumer-before-commit', 3],
  ['consumer-before-commit', 35],
  ['consumer-after-commit', 1],
  ['consumer-after-commit', 50],
];

describe('a shop', () => {
  const disposables = new AsyncDisposableStack();
  let shop: ShopProcess;
  let skus: string[];
  beforeAll(async () => {
    shop = disposables.use(await shopProcess());
    await shop.start();
    const { nodes } = stocked.parse(await shop.guest.get('{ products(first: 20) { nodes { variants { sku availability { status } } } } }'));
    const variants = nodes.flatMap((node) => node.variants);
    skus = variants.filter(({ availability }) => availability.status === 'IN_STOCK').map(({ sku }) => sku);
  });
  afterAll(() => disposables.disposeAsync());

  it.each(crashes)('killed at %s, the %ith time, has lost, doubled and left stuck no order after the next start', async (name, nth) => {
    const purchases = await eightPurchases();
    await shop.kill();
    await shop.start({ FAILPOINT: `${name}:${nth}` });
    await Promise.all(purchases.map((purchase) => buy(purchase).catch(() => null)));
    await shop.untilExit();
    await shop.kill();
    await shop.start();
    await expectAllIsWell(purchases);
  });

  it('stopped amid its orders has lost, doubled and left stuck none after the next start', async () => {
    const purchases = await eightPurchases();
    const bought = purchases.map((purchase) => buy(purchase).catch(() => null));
    await Promise.race(bought);
    await shop.stop();
    await shop.start();
    await expectAllIsWell(purchases);
  });

  async function expectAllIsWell(purchases: readonly Purchase[]): Promise<void> {
    const orders = await Promise.all(purchases.map((purchase) => until(() => buy(purchase), { what: 'an order for its key' })));
    expect(new Set(orders)).toHaveLength(purchases.length);
    await untilBooksCheck(shop);
    for (const [index, { cart, paymentToken }] of purchases.entries()) {
      const status = paymentToken.endsWith('Declined') ? 'REJECTED' : 'CONFIRMED';
      expect(await ordersOf(cart)).toEqual([{ id: orders[index], status }]);
    }
    const charges = await chargedOrders();
    expect(orders.map((id) => charges.filter((charged) => charged === id).length)).toEqual(purchases.map(() => 1));
  }

  const eightPurchases = () =>
    Promise.all(['pm_card_visa', 'pm_card_visa_chargeDeclined', 'pm_card_visa', 'pm_card_mastercard'].flatMap(twice));
  const twice = (paymentToken: string) => [purchase(paymentToken), purchase(paymentToken)];

  async function purchase(paymentToken: string): Promise<Purchase> {
    const sku = skus[Math.floor(Math.random() * skus.length)] ?? '';
    return { cart: await until(() => guestCart(shop).with(sku).ready(), { what: 'a cart' }), idempotencyKey: randomUUID(), paymentToken };
  }

  /** The order's id; null while the key is held by the request that the crash cut off. */
  async function buy({ cart, idempotencyKey, paymentToken }: Purchase): Promise<string | null> {
    const answer = await checkOut(cart, { idempotencyKey, paymentToken });
    if ('order' in answer) return answer.order.id;
    if (answer.__typename === 'IdempotencyConflictError') return null;
    throw new Error(`Expected an order, got ${answer.__typename}`);
  }

  const ordersOf = (cart: ReadyCart) => shop.sql('orders', 'select id::text, status from orders where cart_id = $1', [cart.id]);

  /** The order of every payment that the provider ever asked an issuer for, as its journal says. */
  async function chargedOrders(): Promise<string[]> {
    const text = await readFile(join(shop.folder, 'card-sandbox.ndjson'), 'utf8');
    const intents = text
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .flatMap((line) => journalLine.parse(JSON.parse(line)).intent ?? [])
      .filter(({ charge }) => charge !== null);
    return [...new Map(intents.map(({ id, metadata }) => [id, metadata['order_id'] ?? ''])).values()];
  }
});
