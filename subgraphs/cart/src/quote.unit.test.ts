import { describe, expect, it } from 'vitest';
import { deliveryOffers } from './delivery.js';
import { quote, type QuoteLine, type QuoteRequest } from './quote.js';
import { rateOf, servedCountries, taxRuleOf, type TaxClass } from './tax.js';

const line = (
  amountMinor: number,
  quantity = 1,
  { currency = 'EUR', weightGrams = 100, taxClass = 'standard' as TaxClass } = {},
): QuoteLine => ({
  unitPrice: { amountMinor, currency },
  quantity,
  weightGrams,
  taxClass,
});
const request = (lines: QuoteLine[], rest: Partial<QuoteRequest> = {}): QuoteRequest => ({
  lines,
  currency: 'EUR',
  country: 'DE',
  deliveryOptionCode: null,
  ...rest,
});
const figures = (asked: QuoteRequest) => {
  const { subtotal, discount, shipping, tax, total } = quote(asked).totals;
  return {
    subtotal: subtotal.amountMinor,
    discount: discount.amountMinor,
    shipping: shipping.amountMinor,
    tax: tax.amountMinor,
    total: total.amountMinor,
  };
};

describe('a quote where prices contain the tax', () => {
  it('names the tax and does not add it', () => {
    expect(figures(request([line(11_900)]))).toEqual({ subtotal: 11_900, discount: 0, shipping: 0, tax: 1_900, total: 11_900 });
  });

  it('taxes each line by its class', () => {
    expect(figures(request([line(1_190), line(1_070, 1, { taxClass: 'reduced' }), line(500, 1, { taxClass: 'zero' })]))).toMatchObject({
      subtotal: 2_760,
      tax: 190 + 70,
      total: 2_760,
    });
  });

  it('adds the delivery and names the tax in it', () => {
    expect(figures(request([line(1_190)], { deliveryOptionCode: 'standard' }))).toEqual({
      subtotal: 1_190,
      discount: 0,
      shipping: 490,
      tax: 190 + 78,
      total: 1_680,
    });
  });

  it('rounds the tax once a line, half a cent away from zero', () => {
    // 19/119 of 0.03 is 0.479 cents, of 0.12 it is 1.916 cents
    expect(figures(request([line(3), line(3), line(3), line(3)])).tax).toBe(0);
    expect(figures(request([line(3, 4)])).tax).toBe(2);
    // 20/120 of 0.03 is exactly half a cent
    expect(figures(request([line(3)], { country: 'FR' })).tax).toBe(1);
  });

  it.each([
    ['DE', 1_900, 700],
    ['AT', 2_000, 1_000],
    ['FR', 2_000, 550],
    ['NL', 2_100, 900],
    ['GB', 2_000, 500],
    ['CH', 810, 260],
    ['FI', 2_550, 1_400],
  ])('%s has %d and %d basis points', (country, standard, reduced) => {
    expect(taxRuleOf(country)).toEqual({ isInclusive: true, standard, reduced, shipping: standard });
  });
});

describe('a quote where the tax is added', () => {
  it('adds it per line and for the delivery', () => {
    expect(
      figures(request([line(1_010), line(2_000, 1, { taxClass: 'reduced' })], { country: 'CA', deliveryOptionCode: 'standard' })),
    ).toEqual({
      subtotal: 3_010,
      discount: 0,
      shipping: 2_490,
      tax: 51 + 0 + 125,
      total: 3_010 + 2_490 + 51 + 125,
    });
  });

  it('collects none in the US, where the shop has no nexus', () => {
    expect(figures(request([line(1_999, 3)], { country: 'US' }))).toMatchObject({ tax: 0, total: 5_997 });
  });
});

describe('currencies without cents or with mills', () => {
  it('counts yen', () => {
    const asked = request([line(1_500, 2, { currency: 'JPY' })], { currency: 'JPY', deliveryOptionCode: 'standard' });
    expect(figures(asked)).toEqual({ subtotal: 3_000, discount: 0, shipping: 784, tax: 479 + 125, total: 3_784 });
  });

  it('counts fils', () => {
    const asked = request([line(1_234, 3, { currency: 'KWD' })], { currency: 'KWD', deliveryOptionCode: 'standard' });
    expect(figures(asked)).toEqual({ subtotal: 3_702, discount: 0, shipping: 1_617, tax: 591 + 258, total: 5_319 });
  });

  it('refuses lines of two currencies', () => {
    expect(() => quote(request([line(100), line(100, 1, { currency: 'JPY' })]))).toThrow(RangeError);
  });
});

describe('delivery', () => {
  const codes = (country: string, weightGrams: number, amountMinor = 1_000) =>
    deliveryOffers({ country, weightGrams, subtotal: { amountMinor, currency: 'EUR' } }).map(({ code }) => code);

  it('offers more at home than abroad', () => {
    expect(codes('DE', 500)).toEqual(['standard', 'express', 'pickup']);
    expect(codes('FR', 500)).toEqual(['standard', 'express']);
    expect(codes('US', 500)).toEqual(['standard', 'express']);
  });

  it('offers a haulier for what no parcel takes, and only then', () => {
    expect(codes('DE', 15_001)).toEqual(['standard', 'express']);
    expect(codes('DE', 31_501)).toEqual(['freight']);
    expect(codes('NO', 31_501)).toEqual(['freight']);
  });

  it('offers nothing where the shop does not deliver', () => {
    expect(codes('AQ', 500)).toEqual([]);
    expect(figures(request([line(1_000)], { country: 'AQ', deliveryOptionCode: 'standard' }))).toMatchObject({
      shipping: 0,
      tax: 0,
      total: 1_000,
    });
  });

  it('is free at home from 50 EUR on', () => {
    expect(figures(request([line(4_999)], { deliveryOptionCode: 'standard' })).shipping).toBe(490);
    expect(figures(request([line(5_000)], { deliveryOptionCode: 'standard' })).shipping).toBe(0);
    expect(figures(request([line(5_000)], { deliveryOptionCode: 'express' })).shipping).toBe(1_290);
  });

  it('charges every further kilogram that was begun', () => {
    const shipping = (weightGrams: number) =>
      figures(request([line(100, 1, { weightGrams })], { deliveryOptionCode: 'standard' })).shipping;
    expect([0, 1_000, 1_001, 2_000, 2_001].map(shipping)).toEqual([490, 490, 520, 520, 550]);
  });

  it('weighs all pieces', () => {
    expect(figures(request([line(100, 3, { weightGrams: 1_000 })], { deliveryOptionCode: 'standard' })).shipping).toBe(550);
  });

  it('costs nothing before it is chosen, when it is not offered, and for an empty cart', () => {
    expect(figures(request([line(100)])).shipping).toBe(0);
    expect(quote(request([line(100)], { country: 'FR', deliveryOptionCode: 'pickup' }))).toMatchObject({
      deliveryOption: null,
      totals: { shipping: { amountMinor: 0 } },
    });
    expect(figures(request([], { deliveryOptionCode: 'standard' }))).toEqual({ subtotal: 0, discount: 0, shipping: 0, tax: 0, total: 0 });
  });
});

describe('any quote', () => {
  it('adds up, holds whole numbers, and is the same for the same cart', () => {
    const next = random(7);
    const pick = <T>(list: readonly T[]): T => list[next(list.length)] as T;
    for (let round = 0; round < 2_000; round++) {
      const currency = pick(['EUR', 'JPY', 'KWD', 'USD', 'SEK', 'XXX']);
      const lines = Array.from({ length: next(6) }, () =>
        line(next(200_000), 1 + next(999), { currency, weightGrams: next(20_000), taxClass: pick(['standard', 'reduced', 'zero']) }),
      );
      const asked = request(lines, {
        currency,
        country: pick([...servedCountries, 'AQ']),
        deliveryOptionCode: pick([null, 'standard', 'express', 'pickup', 'freight']),
      });
      const answer = quote(asked);
      const { subtotal, discount, shipping, tax, total } = answer.totals;
      const rule = taxRuleOf(asked.country);
      for (const part of [subtotal, discount, shipping, tax, total]) {
        expect(Number.isSafeInteger(part.amountMinor) && part.amountMinor >= 0).toBe(true);
        expect(part.currency).toBe(currency);
      }
      expect(subtotal.amountMinor).toBe(lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice.amountMinor * quantity, 0));
      expect(total.amountMinor).toBe(
        subtotal.amountMinor - discount.amountMinor + shipping.amountMinor + (rule && !rule.isInclusive ? tax.amountMinor : 0),
      );
      const exactTax = rule
        ? lines.reduce(
            (sum, part) => sum + exact(part.unitPrice.amountMinor * part.quantity, rateOf(rule, part.taxClass), rule.isInclusive),
            exact(shipping.amountMinor, rule.shipping, rule.isInclusive),
          )
        : 0;
      expect(Math.abs(tax.amountMinor - exactTax)).toBeLessThanOrEqual((lines.length + 1) / 2 + 1e-6);
      expect(quote(asked)).toEqual(answer);
    }
  });

  it('taxes and delivers to every country that is served', () => {
    for (const country of servedCountries) {
      const answer = quote(request([line(1_000)], { country, deliveryOptionCode: 'standard' }));
      expect(answer.deliveryOption?.code).toBe('standard');
      expect(answer.totals.shipping.amountMinor).toBeGreaterThan(0);
    }
  });
});

function exact(amountMinor: number, basisPoints: number, isInclusive: boolean): number {
  return (amountMinor * basisPoints) / (isInclusive ? 10_000 + basisPoints : 10_000);
}

/** Whole numbers below a limit, the same in every run (a linear congruential generator, Numerical Recipes). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
