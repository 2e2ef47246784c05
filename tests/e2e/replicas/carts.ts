import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CREATE_CART, someSkus } from '../../kit/buyer.js';
import { bothReplicas, type Replica, type ShopNow } from './one-replica.js';

const LINES = 'lines { sku quantity }';
const ADD = `mutation A($input: AddCartLinesInput!) { addCartLines(input: $input) { __typename ... on CartPayload { cart { version ${LINES} } } } }`;
const READ = `query R($id: ID!) { cart(id: $id) { version ${LINES} } }`;
const FOLLOW = `subscription F($id: ID!) { cartChanged(cartId: $id) { version ${LINES} } }`;

const cartSchema = z.object({ version: z.number(), lines: z.array(z.object({ sku: z.string(), quantity: z.number() })) });
const createdSchema = z.object({ cart: z.object({ id: z.string() }) });
const addedSchema = z.object({ __typename: z.literal('CartPayload'), cart: cartSchema });

const newCart = async (replica: Replica): Promise<string> => createdSchema.parse(await replica.get(CREATE_CART)).cart.id;
const add = async (replica: Replica, cartId: string, sku: string) =>
  addedSchema.parse(await replica.get(ADD, { input: { cartId, lines: [{ sku, quantity: 1 }] } })).cart;
const read = async (replica: Replica, id: string) => cartSchema.parse(await replica.get(READ, { id }));

export function carts(shop: ShopNow): void {
  describe('a cart', () => {
    it('written through both replicas, in turn and at once, loses no line', async () => {
      const skus = await someSkus(shop(), 4);
      const [one, two] = await bothReplicas(shop(), 'cart');
      await using _one = one;
      await using _two = two;
      const id = await newCart(one);
      const write = (turn: number) => add(turn % 2 === 0 ? one : two, id, skus[turn % skus.length] ?? '');
      for (let turn = 0; turn < 8; turn++) await write(turn);
      await Promise.all(Array.from({ length: 12 }, (_, turn) => write(turn)));
      const [seenByOne, seenByTwo] = [await read(one, id), await read(two, id)];
      expect(seenByOne).toEqual(seenByTwo);
      expect(new Map(seenByOne.lines.map(({ sku, quantity }) => [sku, quantity]))).toEqual(new Map(skus.map((sku) => [sku, 5])));
    });

    it('is followed at the other replica than the one that writes: each version once', async () => {
      const [sku = ''] = await someSkus(shop(), 1);
      const [writer, reader] = await bothReplicas(shop(), 'cart');
      await using _writer = writer;
      await using _reader = reader;
      const id = await newCart(writer);
      const versions = reader.follow(FOLLOW, { id });
      const next = async () => cartSchema.parse((await versions.next()).value);
      const heard = [await next()];
      const written = [heard[0]];
      for (let turn = 0; turn < 5; turn++) {
        written.push(await add(writer, id, sku));
        heard.push(await next());
      }
      expect(heard).toEqual(written);
    });
  });
}
