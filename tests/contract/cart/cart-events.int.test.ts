import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
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
  readCart,
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
