import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ADD_LINES, CREATE_CART, cartOf, guestCart, placeOrder, someSkus, untilStatus } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { shopClient, type ShopClient } from '../../kit/shop-client.js';
import { startTestShop } from '../../kit/shop.js';
import { mailsTo, readOrder } from '../../kit/views.js';

const shop = await startTestShop();
afterAll(() => shop[Symbol.asyncDispose]());
const [chair = '', lamp = '', rug = ''] = await someSkus(shop, 3);

const REGISTER = `mutation Register($input: RegisterUserInput!) { registerUser(input: $input) { ... on AuthSession { accessToken } } }`;
const MERGE = `mutation Merge($guestCartId: ID!) { mergeCart(guestCartId: $guestCartId, policy: SUM) {
  __typename ... on CartPayload { cart { id version lines { sku quantity } } } ... on UserError { code } } }`;
const MINE = `{ me { email cart { id lines { sku quantity } } orders(first: 5) { nodes { id number status payment { status } lines { variant { name product { name } } } } } } }`;

async function newCustomer(name: string): Promise<ShopClient> {
  const input = { email: `${name}@shop.example`, password: 'a-long-password-of-mine', displayName: name };
  const session = z.object({ accessToken: z.string() }).parse(await shop.guest.get(REGISTER, { input }));
  return shopClient(shop.url, session.accessToken);
}

const merged = z.object({
  cart: z.object({ id: z.string(), version: z.number(), lines: z.array(z.object({ sku: z.string(), quantity: z.number() })) }),
});
const merge = (client: ShopClient, guestCartId: string) => client.get(MERGE, { guestCartId });
const quantities = (answer: unknown) => new Map(merged.parse(answer).cart.lines.map(({ sku, quantity }) => [sku, quantity]));

describe('a customer', () => {
  it('signs in with a full cart, finds both carts in one, and buys', async () => {
    const mona = await newCustomer('mona');
    await cartOf(mona).with(chair, 1).with(lamp, 2).ready();
    const guests = await guestCart(shop).with(chair, 3).with(rug).ready();
    const before = quantities(await merge(mona, guests.id));
    expect(before).toEqual(
      new Map([
        [chair, 4],
        [lamp, 2],
        [rug, 1],
      ]),
    );
    expect(quantities(await merge(mona, guests.id))).toEqual(before);
    const ready = await cartOf(mona).with(lamp).ready();
    const order = await placeOrder(ready, { email: null });
    expect(await untilStatus(mona, order.id, 'CONFIRMED')).toEqual(['PLACED', 'CONFIRMED']);
    await shop.settle();
    expect(await mona.get(MINE)).toMatchObject({
      email: 'mona@shop.example',
      cart: { lines: [] },
      orders: { nodes: [{ id: order.id, number: order.number, status: 'CONFIRMED', payment: { status: 'CAPTURED' } }] },
    });
    expect((await mailsTo(shop, 'mona@shop.example')).map(({ subject }) => subject)).toContain(`Your order ${order.number} is confirmed`);
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('who signs in on two devices at once gets the guest cart once', async () => {
    const nils = await newCustomer('nils');
    const guests = await guestCart(shop).with(chair, 2).ready();
    const answers = await Promise.all(Array.from({ length: 4 }, () => merge(nils, guests.id)));
    for (const answer of answers) expect(quantities(answer)).toEqual(new Map([[chair, 2]]));
    expect(await nils.get(MINE)).toMatchObject({ cart: { lines: [{ sku: chair, quantity: 2 }] } });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('cannot take over a cart that somebody else has, or that was taken over before', async () => {
    const [olga, paul] = await Promise.all([newCustomer('olga'), newCustomer('paul')]);
    const guests = await guestCart(shop).with(chair).ready();
    await merge(olga, guests.id);
    expect(await merge(paul, guests.id)).toMatchObject({ __typename: 'NotFoundError' });
    const own = z.object({ cart: z.object({ id: z.string() }) }).parse(await olga.get(CREATE_CART)).cart.id;
    expect(await merge(paul, own)).toMatchObject({ __typename: 'NotFoundError' });
    expect(await paul.get('query C($id: ID!) { cart(id: $id) { id } }', { id: own })).toBeNull();
    expect(await paul.get(ADD_LINES, { input: { cartId: own, lines: [{ sku: chair, quantity: 1 }] } })).toMatchObject({
      __typename: 'NotFoundError',
    });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it("sees no order of anybody else's, by no path", async () => {
    const [rosa, sven] = await Promise.all([newCustomer('rosa'), newCustomer('sven')]);
    const order = await placeOrder(await cartOf(rosa).with(chair).ready(), { email: null });
    await untilStatus(rosa, order.id, 'CONFIRMED');
    expect(await readOrder(sven, order.id)).toBeNull();
    expect(await sven.get('query N($number: String!) { order(number: $number) { id } }', { number: order.number })).toBeNull();
    expect(await sven.get(MINE)).toMatchObject({ orders: { nodes: [] } });
    await expect(untilStatus(sven, order.id, 'CONFIRMED')).rejects.toThrow('NOT_FOUND');
    expect(await checkBooks(shop)).toEqual([]);
  });
});
