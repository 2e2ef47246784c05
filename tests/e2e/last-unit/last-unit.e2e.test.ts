import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bearerOf, checkOut, guestCart, someSkus, type PlacedOrder } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { startTestShop, type TestShop } from '../../kit/shop.js';

const order = z.object({ status: z.string(), statusReason: z.string().nullable() });

describe.each([
  { units: 1, buyers: 2 },
  { units: 20, buyers: 200 },
])('$buyers buyers for $units', ({ units, buyers }) => {
  const disposables = new AsyncDisposableStack();
  let shop: TestShop;
  let sku: string;
  beforeAll(async () => {
    shop = disposables.use(await startTestShop({ stockPerSku: units }));
    [sku = ''] = await someSkus(shop, 1);
  });
  afterAll(() => disposables.disposeAsync());

  it(`leave exactly ${units} confirmed, nothing held and an authorisation for each`, async () => {
    const carts = await inPortions(Array.from({ length: buyers }), () => guestCart(shop).with(sku).ready());
    const answers = await Promise.all(carts.map((cart) => checkOut(cart)));
    const placed = answers.flatMap((answer) => ('order' in answer ? [{ ...answer.order, orderToken: answer.orderToken }] : []));
    const refused = answers.flatMap((answer) => ('order' in answer ? [] : [answer.__typename]));
    await shop.settle();

    const outcomes = Map.groupBy(await inPortions(placed, outcomeOf), (outcome) => outcome);
    expect(outcomes.get('CONFIRMED null')).toHaveLength(units);
    expect([...outcomes.keys()].every((outcome) => ['CONFIRMED null', 'REJECTED OUT_OF_STOCK'].includes(outcome))).toBe(true);
    expect(refused.every((name) => name === 'CartNotReadyError')).toBe(true);
    expect((outcomes.get('REJECTED OUT_OF_STOCK') ?? []).length + refused.length).toBe(buyers - units);

    expect(await shop.sql('inventory', 'select on_hand, reserved from stock_level where sku = $1', [sku])).toEqual([
      { on_hand: 0, reserved: 0 },
    ]);
    expect(await shop.sql('inventory', "select order_id from reservation where status = 'HELD'")).toEqual([]);
    expect((await shop.provider.intents()).filter(({ charge }) => charge !== null)).toHaveLength(units);
    expect(await checkBooks(shop)).toEqual([]);
  });

  async function outcomeOf(placedOrder: PlacedOrder): Promise<string> {
    const answer = await bearerOf(shop, placedOrder).get('query O($id: ID!) { order(id: $id) { status statusReason } }', {
      id: placedOrder.id,
    });
    const { status, statusReason } = order.parse(answer);
    return `${status} ${statusReason}`;
  }
});

/** Only the checkouts are to come all at once. */
async function inPortions<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let from = 0; from < all.length; from += 20) done.push(...(await Promise.all(all.slice(from, from + 20).map(work))));
  return done;
}
