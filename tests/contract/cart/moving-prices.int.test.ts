import { randomUUID } from 'node:crypto';
import { startCart } from '@shop/cart';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import { anonymous } from '@shop/platform/viewer';
import { describe, expect, it } from 'vitest';
import { as, quietLogger, TEST_SECRET, userViewer } from '../../kit/subgraph.js';
import {
  add,
  address,
  cartDatabase,
  cartIn,
  change,
  link,
  clock,
  codes,
  createCart,
  mutate,
  publishStock,
  quantities,
  quote,
  readCart,
  setPrice,
  useCartWorld,
} from './cart-world.js';

useCartWorld();

describe('what moves while a cart lies there', () => {
  it('a price: the cart counts with the new one, says so, and is quiet when the line is updated', async () => {
    const filled = await add((await createCart()).id, { 'pen-1': 2 });
    await setPrice('pen', 'pen-1', 250);
    const changed = await readCart(filled.id);
    expect(changed).toMatchObject({ lines: [{ unitPrice: { amountMinor: 250 } }], totals: { total: { amountMinor: 500 } } });
    expect(changed?.problems[0]).toEqual({ code: 'PRICE_CHANGED', lineId: filled.lines[0]?.id });
    const updated = cartIn(await mutate('updateCartLine', { cartId: filled.id, lineId: filled.lines[0]?.id, quantity: 2 }));
    expect(codes(updated)).not.toContain('PRICE_CHANGED');
  });

  it('an article that is taken out of the shop', async () => {
    const filled = await add((await createCart()).id, { 'lamp-1': 1 });
    await change('mutation ($id: ID!, $version: Int!) { archiveProduct(id: $id, expectedVersion: $version) { __typename } }', 'lamp');
    const answer = await readCart(filled.id);
    expect(answer?.lines).toMatchObject([{ variant: null, unitPrice: { amountMinor: 4_000 } }]);
    expect(codes(answer)).toContain('VARIANT_UNAVAILABLE');
  });

  it('the stock, by its newest version; what nobody told of is no problem', async () => {
    const { id } = await add((await createCart()).id, { 'mug-blue': 3 });
    const tell = (version: number, available: number) => publishStock('mug-blue', version, available);
    expect(codes(await readCart(id))).not.toContain('INSUFFICIENT_STOCK');
    await tell(5, 2);
    expect(codes(await readCart(id))).toContain('INSUFFICIENT_STOCK');
    await tell(4, 100);
    expect(codes(await readCart(id))).toContain('INSUFFICIENT_STOCK');
    await tell(6, 3);
    expect(codes(await readCart(id))).not.toContain('INSUFFICIENT_STOCK');
  });
});

describe('while the catalog is away', () => {
  it('a cart is read at the prices last seen and a line can be taken out, but nothing is added or quoted for a checkout', async () => {
    const { id, lines } = await add((await createCart()).id, { 'hat-1': 2 });
    await using other = inProcessBus({ logger: quietLogger });
    const away = { ...link, execute: () => Promise.reject(new Error('The catalog is away.')) };
    const config = { databaseUrl: cartDatabase.url, envelopeSecrets: [TEST_SECRET] };
    await using alone = await startCart(config, { bus: other, logger: quietLogger, clock, catalog: away });
    const answer = await readCart(id, anonymous, alone);
    expect(answer).toMatchObject({
      lines: [{ unitPrice: { amountMinor: 3_000 }, variant: { sku: 'hat-1' } }],
      totals: { total: { amountMinor: 6_000 } },
    });
    expect(codes(answer)).toEqual(['ADDRESS_MISSING', 'DELIVERY_MISSING']);
    expect((await quote(id, anonymous, alone)).errors?.[0]?.extensions?.['code']).toBe('SERVICE_UNAVAILABLE');
    const { errors } = await as(alone)('mutation ($input: AddCartLinesInput!) { addCartLines(input: $input) { __typename } }', {
      input: { cartId: id, lines: [{ sku: 'hat-2', quantity: 1 }] },
    });
    expect(errors?.[0]?.extensions?.['code']).toBe('SERVICE_UNAVAILABLE');
    const input = { cartId: id, lineId: lines[0]?.id };
    expect(quantities(cartIn(await mutate('updateCartLine', { ...input, quantity: 1 }, anonymous, alone)))).toEqual({ 'hat-1': 1 });
    expect(quantities(cartIn(await mutate('updateCartLine', { ...input, quantity: 0 }, anonymous, alone)))).toEqual({});
  });
});

describe('the quote for a checkout', () => {
  it('has all that an order keeps', async () => {
    const ada = newId();
    const { id } = await createCart(userViewer(ada));
    const { lines } = await add(id, { 'book-1': 2 }, userViewer(ada));
    await mutate('setCartDelivery', { cartId: id, shippingAddress: address, deliveryOptionCode: 'express' }, userViewer(ada));
    expect((await quote(id, userViewer(ada))).data?.['cartQuote']).toEqual({
      cartId: id,
      version: 3,
      customerId: ada,
      lines: [
        {
          lineId: lines[0]?.id,
          sku: 'book-1',
          productName: 'Product book',
          variantName: 'Variant book-1',
          quantity: 2,
          unitPrice: { amountMinor: 1_070, currency: 'EUR' },
          lineTotal: { amountMinor: 2_140, currency: 'EUR' },
        },
      ],
      totals: { total: { amountMinor: 3_430, currency: 'EUR' } },
      shippingAddress: { city: 'Bonn' },
      deliveryOption: { code: 'express', price: { amountMinor: 1_290, currency: 'EUR' } },
      problems: [],
    });
  });

  it('is null for a cart that is not there', async () => {
    expect((await quote(randomUUID())).data).toEqual({ cartQuote: null });
  });
});
