import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bearerOf, checkOut, guestCart, placeOrder, someSkus, untilStatus } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { startTestShop } from '../../kit/shop.js';
import { readOrder, stockOf } from '../../kit/views.js';

const shop = await startTestShop();
afterAll(() => shop[Symbol.asyncDispose]());
const [chair = ''] = await someSkus(shop);
const staff = await shop.signedIn('staff@shop.example');

const PRODUCT = `{ products(first: 1, sort: NAME) { nodes { id version variants { sku price { amountMinor currency } } } } }`;
const SET_PRICES = `mutation SetPrices($input: SetPricesInput!) { setPrices(input: $input) { __typename ... on UserError { code message } } }`;
const PROBLEMS = `query Cart($id: ID!) { cart(id: $id) { problems { code } totals { total { amountMinor currency } } } }`;

const page = z.object({
  nodes: z.tuple([
    z.object({
      id: z.string(),
      version: z.number(),
      variants: z.array(z.object({ sku: z.string(), price: z.object({ amountMinor: z.number(), currency: z.string() }) })),
    }),
  ]),
});

async function raisePrice(byMinor: number): Promise<void> {
  const {
    nodes: [product],
  } = page.parse(await staff.get(PRODUCT));
  const prices = product.variants.map(({ sku, price }) => ({ sku, price: { ...price, amountMinor: price.amountMinor + byMinor } }));
  const input = { productId: product.id, expectedVersion: product.version, prices };
  expect(await staff.get(SET_PRICES, { input })).toEqual({ __typename: 'ProductPayload' });
  await shop.settle();
}

describe('a price that moves between cart and checkout', () => {
  it('is told to the buyer, and nothing is placed until they agree', async () => {
    const cart = await guestCart(shop).with(chair, 2).ready();
    await raisePrice(250);
    const current = { ...cart.total, amountMinor: cart.total.amountMinor + 500 };
    // A process of cart hears of new prices by itself, a moment after they were sent.
    const seen = { problems: [{ code: 'PRICE_CHANGED' }], totals: { total: current } };
    await expect.poll(() => shop.guest.get(PROBLEMS, { id: cart.id })).toEqual(seen);
    expect(await checkOut(cart)).toMatchObject({
      __typename: 'PriceChangedError',
      expectedTotal: cart.total,
      currentTotal: current,
    });
    await shop.settle();
    expect(await stockOf(staff, chair)).toMatchObject({ onHand: 100, reserved: 0 });
    const order = await placeOrder(cart, { expectedTotal: current });
    await untilStatus(bearerOf(shop, order), order.id, 'CONFIRMED');
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('does not move an order that is placed', async () => {
    const cart = await guestCart(shop).with(chair).ready();
    const order = await placeOrder(cart);
    await raisePrice(1_000);
    expect(await readOrder(bearerOf(shop, order), order.id)).toMatchObject({
      totals: { total: cart.total },
      payment: { capturedAmount: cart.total.amountMinor },
    });
    expect(await checkBooks(shop)).toEqual([]);
  });
});
