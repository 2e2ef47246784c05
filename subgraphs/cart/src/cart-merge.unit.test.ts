import { describe, expect, it } from 'vitest';
import type { CartLine, CartState } from './cart.js';
import { mergeCarts, type MergePolicy } from './cart-merge.js';

const line = (sku: string, quantity: number, amountMinor = 1_000): CartLine => ({
  id: `line-${sku}`,
  sku,
  quantity,
  seen: { productName: sku, variantName: sku, unitPrice: { amountMinor, currency: 'EUR' }, weightGrams: 1, taxClass: 'standard' },
});
const cart = (lines: CartLine[], rest: Partial<CartState> = {}): CartState => ({
  lines,
  shippingAddress: null,
  deliveryOptionCode: null,
  ...rest,
});
const merged = (own: CartState, guest: CartState, policy: MergePolicy): CartState => {
  const decision = mergeCarts(own, guest, policy);
  if (decision.kind !== 'changed') throw new Error(JSON.stringify(decision));
  return decision.state;
};
const quantities = (state: CartState) => Object.fromEntries(state.lines.map(({ sku, quantity }) => [sku, quantity]));

describe('merging two carts', () => {
  const own = cart([line('both', 2), line('own', 1)]);
  const guest = cart([line('both', 3, 1_100), line('guest', 4)]);

  it.each([
    ['SUM', { both: 5, own: 1, guest: 4 }],
    ['MAX', { both: 3, own: 1, guest: 4 }],
    ['KEEP_GUEST', { both: 3, guest: 4 }],
    ['KEEP_USER', { both: 2, own: 1 }],
  ] as const)('by %s', (policy, expected) => {
    expect(quantities(merged(own, guest, policy))).toEqual(expected);
  });

  it('sees a common line at the price that the guest saw, which is the later one', () => {
    expect(merged(own, guest, 'SUM').lines[0]?.seen.unitPrice.amountMinor).toBe(1_100);
  });

  it('adds up to 999 pieces', () => {
    expect(quantities(merged(cart([line('a', 600)]), cart([line('a', 600)]), 'SUM'))).toEqual({ a: 999 });
  });

  it('refuses more than 100 lines rather than dropping some', () => {
    const many = (prefix: string) => cart(Array.from({ length: 60 }, (_, n) => line(`${prefix}${n}`, 1)));
    expect(mergeCarts(many('a'), many('b'), 'SUM')).toMatchObject({ kind: 'rejected', faults: [{ path: ['guestCartId'] }] });
    expect(mergeCarts(many('a'), many('a'), 'SUM').kind).toBe('changed');
    expect(mergeCarts(many('a'), many('b'), 'KEEP_USER').kind).toBe('changed');
  });

  it('takes delivery from the leading cart and what that lacks from the other', () => {
    const withExpress = cart([], { deliveryOptionCode: 'express' });
    const withStandard = cart([], { deliveryOptionCode: 'standard' });
    expect(merged(withExpress, withStandard, 'SUM').deliveryOptionCode).toBe('express');
    expect(merged(withExpress, withStandard, 'KEEP_GUEST').deliveryOptionCode).toBe('standard');
    expect(merged(cart([]), withStandard, 'KEEP_USER').deliveryOptionCode).toBe('standard');
  });
});
