import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bearerOf, checkOut, guestCart, lookAgain, placeOrder, someSkus, untilStatus, typenameOf } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { startTestShop } from '../../kit/shop.js';
import { readOrder, stockOf } from '../../kit/views.js';

const shop = await startTestShop({ stockPerSku: 3 });
afterAll(() => shop[Symbol.asyncDispose]());
const [chair = '', lamp = '', rug = ''] = await someSkus(shop, 3);
const staff = await shop.signedIn('staff@shop.example');

const STATUS_OF = 'query Status($token: String!) { orderByToken(token: $token) { lines { sku variant { availability { status } } } } }';

const payload = z.object({ orderToken: z.string(), order: z.object({ id: z.string() }) });

describe('something that sells out between cart and checkout', () => {
  it('is refused at the checkout with the line that is in the way', async () => {
    const late = await guestCart(shop).with(chair, 2).with(lamp).ready();
    const quick = await placeOrder(await guestCart(shop).with(chair, 3).ready());
    await untilStatus(bearerOf(shop, quick), quick.id, 'CONFIRMED');
    await shop.settle();
    expect(await checkOut(late)).toMatchObject({ __typename: 'CartNotReadyError', problems: [{ code: 'INSUFFICIENT_STOCK' }] });
    expect(await shop.guest.get(STATUS_OF, { token: quick.orderToken })).toMatchObject({
      lines: [{ sku: chair, variant: { availability: { status: 'OUT_OF_STOCK' } } }],
    });
    expect(await stockOf(staff, lamp)).toEqual({ onHand: 3, reserved: 0, available: 3 });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('goes to as many buyers as there are pieces when all check out at once; the others keep their carts and are not charged', async () => {
    const carts = await Promise.all(Array.from({ length: 8 }, () => guestCart(shop).with(rug).ready()));
    const answers = await Promise.all(carts.map((cart) => checkOut(cart)));
    await shop.settle();
    const placed = answers.filter((answer) => typenameOf(answer) === 'CheckoutPayload');
    const outcomes = await Promise.all(placed.map(outcomeOf));
    const left = await Promise.all(carts.map(async (cart) => (await lookAgain(cart)).lines));
    expect(left.filter((lines) => lines.length === 0)).toHaveLength(3);
    expect(left.filter((lines) => lines.length > 0)).toEqual(Array.from({ length: 5 }, () => [{ sku: rug, quantity: 1 }]));
    expect(outcomes.filter((outcome) => outcome === 'CONFIRMED')).toHaveLength(3);
    expect(new Set(outcomes)).toEqual(new Set(['CONFIRMED', ...(placed.length > 3 ? ['REJECTED OUT_OF_STOCK not charged'] : [])]));
    expect(await stockOf(staff, rug)).toEqual({ onHand: 0, reserved: 0, available: 0 });
    expect(await checkBooks(shop)).toEqual([]);
  });

  async function outcomeOf(answer: unknown): Promise<string> {
    const { order, orderToken } = payload.parse(answer);
    const read = await readOrder(bearerOf(shop, { orderToken }), order.id);
    if (read?.status !== 'REJECTED') return read?.status ?? 'missing';
    return `REJECTED ${read.statusReason} ${read.payment === null || read.payment.capturedAmount === 0 ? 'not charged' : 'charged'}`;
  }
});
