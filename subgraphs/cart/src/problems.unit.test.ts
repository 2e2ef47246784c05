import { describe, expect, it } from 'vitest';
import type { CartLine, SeenVariant } from './cart.js';
import { problemsOf, type CartFacts, type CurrentVariant } from './problems.js';

const seen: SeenVariant = {
  productName: 'Mug',
  variantName: 'Blue',
  unitPrice: { amountMinor: 1_000, currency: 'EUR' },
  weightGrams: 1,
  taxClass: 'standard',
};
const line: CartLine = { id: 'l1', sku: 'mug', quantity: 3, seen };
const sold = (amountMinor: number, currency = 'EUR'): CurrentVariant => ({
  kind: 'sold',
  variant: { ...seen, unitPrice: { amountMinor, currency } },
});
const codes = (current: CurrentVariant, available: number | null, rest: Partial<CartFacts> = {}) =>
  problemsOf({
    lines: [{ line, current, available }],
    currency: 'EUR',
    hasAddress: true,
    chosenDelivery: 'standard',
    isDeliveryOffered: true,
    ...rest,
  }).map(({ code, lineId }) => [code, lineId]);

describe('what stands between a cart and a checkout', () => {
  it('is nothing when price, stock, address and delivery are there', () => {
    expect(codes(sold(1_000), 3)).toEqual([]);
  });

  it('is a price that moved, up or down', () => {
    expect(codes(sold(1_001), 3)).toEqual([['PRICE_CHANGED', 'l1']]);
    expect(codes(sold(999), 3)).toEqual([['PRICE_CHANGED', 'l1']]);
  });

  it('is less stock than asked for', () => {
    expect(codes(sold(1_000), 2)).toEqual([['INSUFFICIENT_STOCK', 'l1']]);
    expect(codes(sold(1_200), 0)).toEqual([
      ['PRICE_CHANGED', 'l1'],
      ['INSUFFICIENT_STOCK', 'l1'],
    ]);
  });

  it('is an article that is not sold any more, or not in this currency; stock then does not matter', () => {
    expect(codes({ kind: 'not-sold' }, 0)).toEqual([['VARIANT_UNAVAILABLE', 'l1']]);
    expect(codes(sold(1_000, 'USD'), 0)).toEqual([['VARIANT_UNAVAILABLE', 'l1']]);
  });

  it('is not what nobody knows', () => {
    expect(codes({ kind: 'unknown' }, null)).toEqual([]);
    expect(codes({ kind: 'unknown' }, 1)).toEqual([['INSUFFICIENT_STOCK', 'l1']]);
  });

  it('is a missing address and a missing or withdrawn delivery', () => {
    expect(codes(sold(1_000), 3, { hasAddress: false, chosenDelivery: null, isDeliveryOffered: false })).toEqual([
      ['ADDRESS_MISSING', null],
      ['DELIVERY_MISSING', null],
    ]);
    expect(codes(sold(1_000), 3, { isDeliveryOffered: false })).toEqual([['DELIVERY_MISSING', null]]);
  });
});
