import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { userViewer } from '../../kit/subgraph.js';
import {
  add,
  address,
  bus,
  createCart,
  follow,
  merge,
  mutate,
  placed,
  quantities,
  quote,
  readCart,
  rejected,
  setPrice,
  useCartWorld,
} from './cart-world.js';

useCartWorld();

describe('an order empties its cart', () => {
  it('takes out what was ordered, once, and leaves what came later', async () => {
    const { id } = await add((await createCart()).id, { 'mug-red': 2, 'book-1': 1 });
    await mutate('setCartDelivery', { cartId: id, shippingAddress: address, deliveryOptionCode: 'standard' });
    await add(id, { 'mug-red': 1 });
    const event = placed(id, { 'mug-red': 2, 'book-1': 1 });
    await bus.publish(event);
    await bus.publish(event);
    const left = await readCart(id);
    expect(quantities(left)).toEqual({ 'mug-red': 1 });
    expect(left).toMatchObject({ deliveryOption: { code: 'standard' }, shippingAddress: { country: 'DE' } });
  });

  it('that was merged meanwhile: what was ordered is not there to be ordered again', async () => {
    const ada = userViewer();
    const { id } = await add((await createCart()).id, { 'mug-red': 2 });
    const own = await add((await createCart(ada)).id, { 'mug-red': 1, 'book-1': 1 }, ada);
    await merge(id, ada);
    const event = placed(id, { 'mug-red': 2 });
    await bus.publish(event);
    await bus.publish(event);
    expect(quantities(await readCart(own.id, ada))).toEqual({ 'mug-red': 1, 'book-1': 1 });
  });

  it('of a cart that is gone changes nothing', async () => {
    await bus.publish(placed(randomUUID(), { 'mug-red': 1 }));
    await bus.publish(placed('no cart at all', { 'mug-red': 1 }));
  });
});

describe('an order that is rejected fills its cart again', () => {
  it('with what it had taken out, once, so that it can be quoted for the next attempt', async () => {
    const { id } = await add((await createCart()).id, { 'mug-red': 2, 'book-1': 1 });
    await mutate('setCartDelivery', { cartId: id, shippingAddress: address, deliveryOptionCode: 'standard' });
    const before = await readCart(id);
    const event = placed(id, { 'mug-red': 2, 'book-1': 1 });
    await bus.publish(event);
    const rejection = rejected(event);
    await bus.publish(rejection);
    await bus.publish(rejection);
    const after = await readCart(id);
    expect(quantities(after)).toEqual({ 'mug-red': 2, 'book-1': 1 });
    expect(after).toMatchObject({ version: (before?.version ?? 0) + 2, totals: before?.totals, deliveryOption: { code: 'standard' } });
    expect((await quote(id)).data).toMatchObject({ cartQuote: { totals: { total: before?.totals.total } } });
  });

  it('without doubling what the buyer has added again meanwhile', async () => {
    const { id } = await add((await createCart()).id, { 'mug-red': 2, 'book-1': 1 });
    const event = placed(id, { 'mug-red': 2, 'book-1': 1 });
    await bus.publish(event);
    await add(id, { 'mug-red': 3, 'pen-1': 1 });
    await bus.publish(rejected(event));
    expect(quantities(await readCart(id))).toEqual({ 'mug-red': 3, 'pen-1': 1, 'book-1': 1 });
  });

  it('in whichever order the two events arrive', async () => {
    const { id, version } = await add((await createCart()).id, { 'mug-red': 2 });
    const event = placed(id, { 'mug-red': 2 });
    await bus.publish(rejected(event));
    await bus.publish(event);
    expect(await readCart(id)).toMatchObject({ version: version + 1, lines: [{ sku: 'mug-red', quantity: 2 }] });
  });

  it("that was merged meanwhile: the lines come back into the person's cart", async () => {
    const ada = userViewer();
    const { id } = await add((await createCart()).id, { 'mug-red': 2 });
    const own = await createCart(ada);
    const event = placed(id, { 'mug-red': 2 });
    await bus.publish(event);
    await merge(id, ada);
    await bus.publish(rejected(event));
    expect(quantities(await readCart(own.id, ada))).toEqual({ 'mug-red': 2 });
  });

  it('unless the cart is gone, or the event does not say what was ordered, as those of before', async () => {
    const { id, version } = await add((await createCart()).id, { 'mug-red': 2 });
    const event = placed(id, { 'mug-red': 2 });
    await bus.publish(event);
    const { cartId: _cart, lines: _lines, ...ofBefore } = z.looseObject({ cartId: z.string(), lines: z.unknown() }).parse(event.data);
    await bus.publish({ ...rejected(event), data: { ...ofBefore, reason: 'PAYMENT_DECLINED' } });
    expect(await readCart(id)).toMatchObject({ version: version + 1, lines: [] });
    await bus.publish(rejected(placed(randomUUID(), { 'mug-red': 1 })));
    await bus.publish(rejected(placed('no cart at all', { 'mug-red': 1 })));
  });

  it('and is told to whoever follows the cart', async () => {
    const { id } = await add((await createCart()).id, { 'mug-red': 2 });
    const following = await follow(id);
    const event = placed(id, { 'mug-red': 2 });
    expect(await following.next()).toMatchObject({ version: 2 });
    await bus.publish(event);
    expect(await following.next()).toMatchObject({ version: 3, quantities: {} });
    await bus.publish(rejected(event));
    expect(await following.next()).toMatchObject({ version: 4, quantities: { 'mug-red': 2 } });
    await following.stop();
  });
});

describe('following a cart', () => {
  it('begins with the cart as it is and tells every change, whoever makes it', async () => {
    const { id } = await add((await createCart()).id, { 'mug-red': 1 });
    const following = await follow(id);
    expect(await following.next()).toMatchObject({ version: 2, quantities: { 'mug-red': 1 } });
    await add(id, { 'mug-red': 1 });
    expect(await following.next()).toMatchObject({ version: 3, quantities: { 'mug-red': 2 } });
    await bus.publish(placed(id, { 'mug-red': 2 }));
    expect(await following.next()).toMatchObject({ version: 4, quantities: {} });
    await following.stop();
  });

  it('prices every step anew', async () => {
    const { id } = await add((await createCart()).id, { 'ink-1': 1 });
    const following = await follow(id);
    expect(await following.next()).toMatchObject({ total: 700 });
    await setPrice('ink', 'ink-1', 800);
    await add(id, { 'ink-1': 1 });
    expect(await following.next()).toMatchObject({ total: 1_600 });
    await following.stop();
  });

  it('ends when the cart is merged away', async () => {
    const { id } = await createCart();
    const following = await follow(id);
    await following.next();
    await merge(id, userViewer());
    expect(await following.next()).toBeNull();
  });

  it("is refused for somebody else's cart", async () => {
    const { id } = await createCart(userViewer());
    await expect(follow(id)).rejects.toThrow('NOT_FOUND');
  });
});
