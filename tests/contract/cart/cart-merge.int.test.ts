import { describe, expect, it } from 'vitest';
import { as, userViewer } from '../../kit/subgraph.js';
import { add, cart, cartIn, createCart, merge, mutate, quantities, readCart, useCartWorld } from './cart-world.js';

useCartWorld();

describe('signing in with a full cart', () => {
  it.each([
    ['SUM', { 'mug-blue': 5, 'mug-red': 1, 'book-1': 1 }],
    ['MAX', { 'mug-blue': 3, 'mug-red': 1, 'book-1': 1 }],
    ['KEEP_GUEST', { 'mug-blue': 3, 'book-1': 1 }],
    ['KEEP_USER', { 'mug-blue': 2, 'mug-red': 1 }],
  ])('merges by %s, once', async (policy, expected) => {
    const ada = userViewer();
    const own = await add((await createCart(ada)).id, { 'mug-blue': 2, 'mug-red': 1 }, ada);
    const guest = await add((await createCart()).id, { 'mug-blue': 3, 'book-1': 1 });
    const answers = await Promise.all([merge(guest.id, ada, policy), merge(guest.id, ada, policy)]);
    for (const answer of [...answers, await merge(guest.id, ada, policy)])
      expect(cartIn(answer)).toMatchObject({ id: own.id, version: own.version + 1 });
    expect(quantities(await readCart(own.id, ada))).toEqual(expected);
    expect(await readCart(guest.id, ada)).toBeNull();
    expect(await mutate('addCartLines', { cartId: guest.id, lines: [{ sku: 'mug-blue', quantity: 1 }] })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('makes the cart of a person who had none, and merges it into itself as nothing', async () => {
    const ada = userViewer();
    const guest = await add((await createCart()).id, { 'mug-blue': 3 });
    const own = cartIn(await merge(guest.id, ada));
    expect(quantities(own)).toEqual({ 'mug-blue': 3 });
    expect(cartIn(await merge(own.id, ada))).toMatchObject({ id: own.id, version: own.version });
  });

  it('is for the signed-in only', async () => {
    const { id } = await createCart();
    const { errors } = await as(cart)(`mutation { mergeCart(guestCartId: "${id}") { __typename } }`);
    expect(errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
  });
});
