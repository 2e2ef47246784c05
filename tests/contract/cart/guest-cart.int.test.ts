import { randomUUID } from 'node:crypto';
import { newId } from '@shop/platform/ids';
import { anonymous } from '@shop/platform/viewer';
import { describe, expect, it } from 'vitest';
import { userViewer } from '../../kit/subgraph.js';
import {
  add,
  address,
  cartIn,
  codes,
  createCart,
  entities,
  link,
  merge,
  mutate,
  quantities,
  quote,
  readCart,
  useCartWorld,
} from './cart-world.js';

useCartWorld();

describe('a guest fills a cart', () => {
  it('adds lines at the prices of the catalog and is told what is missing for a checkout', async () => {
    const answer = await add((await createCart()).id, { 'mug-blue': 2, 'book-1': 1 });
    expect(answer).toMatchObject({
      version: 2,
      lines: [
        {
          sku: 'mug-blue',
          quantity: 2,
          unitPrice: { amountMinor: 1_190, currency: 'EUR' },
          lineTotal: { amountMinor: 2_380 },
          variant: { sku: 'mug-blue' },
        },
        { sku: 'book-1', quantity: 1, unitPrice: { amountMinor: 1_070 } },
      ],
      totals: { subtotal: { amountMinor: 3_450 }, tax: { amountMinor: 380 + 70 }, total: { amountMinor: 3_450 } },
      deliveryOption: null,
    });
    expect(codes(answer)).toEqual(['ADDRESS_MISSING', 'DELIVERY_MISSING']);
  });

  it('sets address and delivery and has no problem left', async () => {
    const { id } = await add((await createCart()).id, { 'mug-blue': 1 });
    const answer = cartIn(await mutate('setCartDelivery', { cartId: id, shippingAddress: address, deliveryOptionCode: 'standard' }));
    expect(answer).toMatchObject({
      problems: [],
      totals: { shipping: { amountMinor: 490 }, total: { amountMinor: 1_680 } },
      deliveryOption: { code: 'standard' },
    });
    const abroad = cartIn(await mutate('setCartDelivery', { cartId: id, shippingAddress: { ...address, country: 'CA' } }));
    expect(abroad).toMatchObject({ problems: [], totals: { shipping: { amountMinor: 2_490 }, tax: { amountMinor: 60 + 125 } } });
  });

  it('is told which input is wrong', async () => {
    const { id: cartId } = await createCart();
    const unknown = await mutate('addCartLines', {
      cartId,
      lines: [
        { sku: 'mug-blue', quantity: 1 },
        { sku: 'nothing', quantity: 1 },
      ],
    });
    expect(unknown).toMatchObject({ __typename: 'ValidationError', fields: [{ path: ['lines', '1', 'sku'] }] });
    expect(await mutate('addCartLines', { cartId, lines: [{ sku: 'mug-draft', quantity: 1 }] })).toMatchObject({
      fields: [{ path: ['lines', '0', 'sku'] }],
    });
    expect(await mutate('addCartLines', { cartId, lines: [{ sku: 'mug-blue', quantity: 1_000 }] })).toMatchObject({
      fields: [{ path: ['lines', '0', 'quantity'] }],
    });
    expect(await mutate('addCartLines', { cartId, lines: [] })).toMatchObject({ fields: [{ path: ['lines'] }] });
    const elsewhere = await mutate('setCartDelivery', { cartId, shippingAddress: { ...address, country: 'AQ', city: ' ' } });
    expect(elsewhere).toMatchObject({ fields: [{ path: ['shippingAddress', 'city'] }, { path: ['shippingAddress', 'country'] }] });
    expect(await mutate('setCartDelivery', { cartId, deliveryOptionCode: 'drone' })).toMatchObject({
      fields: [{ path: ['deliveryOptionCode'] }],
    });
    expect(await mutate('setCartDelivery', { cartId, shippingAddress: { ...address, city: 'Bo\u0000nn' } })).toMatchObject({
      fields: [{ path: ['shippingAddress', 'city'] }],
    });
    const unreachable = { ...address, postalCode: '%%', phone: 'call me' };
    expect(await mutate('setCartDelivery', { cartId, shippingAddress: unreachable })).toMatchObject({
      fields: [{ path: ['shippingAddress', 'postalCode'] }, { path: ['shippingAddress', 'phone'] }],
    });
    expect((await readCart(cartId))?.version).toBe(1);
  });

  it('changes and removes a line', async () => {
    const filled = await add((await createCart()).id, { 'mug-blue': 1, 'book-1': 1 });
    const input = { cartId: filled.id, lineId: filled.lines[0]?.id };
    expect(quantities(cartIn(await mutate('updateCartLine', { ...input, quantity: 5 })))).toEqual({ 'mug-blue': 5, 'book-1': 1 });
    expect(quantities(cartIn(await mutate('updateCartLine', { ...input, quantity: 0 })))).toEqual({ 'book-1': 1 });
    expect(await mutate('updateCartLine', { ...input, quantity: 1 })).toMatchObject({ __typename: 'NotFoundError' });
    expect(await mutate('updateCartLine', { ...input, quantity: -1 })).toMatchObject({ fields: [{ path: ['quantity'] }] });
  });

  it('loses no line of 20 that are added at once', async () => {
    const { id } = await createCart();
    await Promise.all(Array.from({ length: 20 }, (_, n) => add(id, { [n % 2 ? 'mug-blue' : 'mug-red']: 1 })));
    const answer = await readCart(id);
    expect(quantities(answer)).toEqual({ 'mug-blue': 10, 'mug-red': 10 });
    expect(answer?.version).toBe(21);
  });

  it('is told of a conflict when it asked to be', async () => {
    const { id } = await add((await createCart()).id, { 'mug-blue': 1 });
    const input = { cartId: id, lines: [{ sku: 'mug-blue', quantity: 1 }] };
    expect(await mutate('addCartLines', { ...input, expectedVersion: 1 })).toEqual({ __typename: 'ConflictError', currentVersion: 2 });
    expect(cartIn(await mutate('addCartLines', { ...input, expectedVersion: 2 })).version).toBe(3);
    const raced = await Promise.all(Array.from({ length: 5 }, () => mutate('addCartLines', { ...input, expectedVersion: 3 })));
    expect(raced.filter(({ __typename }) => __typename === 'CartPayload')).toHaveLength(1);
    expect(raced.filter(({ __typename }) => __typename === 'ConflictError')).toHaveLength(4);
  });

  it('asks the catalog once for what several requests need', async () => {
    const { id } = await add((await createCart()).id, { 'mug-blue': 1, 'mug-red': 1 });
    const before = link.calls;
    await Promise.all([readCart(id), readCart(id), add(id, { 'mug-blue': 1 })]);
    expect(link.calls).toBe(before);
  });
});

describe('whose cart it is', () => {
  it('a person has one cart, the same at every createCart, and only she reads it', async () => {
    const [ada, eve] = [userViewer(), userViewer()];
    const mine = await createCart(ada);
    await add(mine.id, { 'mug-blue': 1 }, ada);
    expect(await createCart(ada)).toMatchObject({ id: mine.id, lines: [{ sku: 'mug-blue' }] });
    for (const other of [eve, anonymous]) {
      expect(await readCart(mine.id, other)).toBeNull();
      expect((await quote(mine.id, other)).data).toEqual({ cartQuote: null });
      expect(await mutate('addCartLines', { cartId: mine.id, lines: [{ sku: 'mug-blue', quantity: 1 }] }, other)).toMatchObject({
        code: 'NOT_FOUND',
      });
      expect(await mutate('updateCartLine', { cartId: mine.id, lineId: 'x', quantity: 0 }, other)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await mutate('setCartDelivery', { cartId: mine.id, shippingAddress: address }, other)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await entities([{ __typename: 'Cart', id: mine.id }], other)).toEqual([null]);
    }
    expect(await merge(mine.id, eve)).toMatchObject({ code: 'NOT_FOUND' });
    expect(
      await entities(
        [
          { __typename: 'Cart', id: mine.id },
          { __typename: 'Cart', id: randomUUID() },
        ],
        ada,
      ),
    ).toEqual([{ id: mine.id }, null]);
  });

  it("a person's cart hangs on the person, for that person only", async () => {
    const [ada, eve] = [newId(), newId()];
    const mine = await createCart(userViewer(ada));
    await createCart(userViewer(eve));
    const representations = [
      { __typename: 'User', id: ada },
      { __typename: 'User', id: eve },
    ];
    expect(await entities(representations, userViewer(ada))).toEqual([{ cart: { id: mine.id } }, { cart: null }]);
    expect(await entities(representations, anonymous)).toEqual([{ cart: null }, { cart: null }]);
  });

  it("a guest's cart is for whoever knows its id", async () => {
    const { id } = await createCart();
    expect(quantities(await add(id, { 'mug-blue': 1 }, userViewer()))).toEqual({ 'mug-blue': 1 });
    expect(await entities([{ __typename: 'Cart', id }], anonymous)).toEqual([{ id }]);
  });
});
