import { describe, expect, test } from 'vitest';
import { checkCheckout, looksLikeCardNumber } from './checkout-input.js';
import { place, type CartQuote, type QuoteProblem } from './checkout.js';

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const buyer = { customerId: null, email: 'a@shop.example', locale: 'en' };
const quote: CartQuote = {
  cartId: 'c1',
  version: 4,
  lines: [{ sku: 'A', productName: 'Mug', variantName: 'Blue', quantity: 2, unitPrice: eur(500), lineTotal: eur(1000) }],
  totals: { subtotal: eur(1000), discount: eur(0), shipping: eur(490), tax: eur(238), total: eur(1490) },
  shippingAddress: {
    fullName: 'A',
    company: null,
    line1: 'B 1',
    line2: null,
    city: 'C',
    region: null,
    postalCode: '1',
    country: 'DE',
    phone: null,
  },
  deliveryOption: { code: 'standard', name: 'Standard', price: eur(490), estimatedDays: 3 },
  problems: [],
};
const problem = (code: QuoteProblem['code']): QuoteProblem => ({ code, message: 'x', lineId: null });

describe('a cart at checkout', () => {
  test('becomes an order at the expected total', () => {
    const { problems: _, version, ...content } = quote;
    expect(place(quote, eur(1490), buyer)).toEqual({ kind: 'placed', draft: { ...content, ...buyer, cartVersion: version } });
  });

  test('is refused when it is empty, whatever else is wrong', () => {
    expect(place({ ...quote, lines: [], problems: [problem('ADDRESS_MISSING')] }, eur(1), buyer)).toEqual({ kind: 'cart-empty' });
  });

  test('is refused at another total or currency', () => {
    expect(place(quote, eur(1489), buyer)).toEqual({ kind: 'price-changed', expectedTotal: eur(1489), currentTotal: eur(1490) });
    expect(place(quote, { amountMinor: 1490, currency: 'USD' }, buyer).kind).toBe('price-changed');
  });

  test('passes with a price that moved when the buyer has seen the new total', () => {
    expect(place({ ...quote, problems: [problem('PRICE_CHANGED')] }, eur(1490), buyer).kind).toBe('placed');
    expect(place({ ...quote, problems: [problem('PRICE_CHANGED')] }, eur(1400), buyer).kind).toBe('price-changed');
  });

  test('is refused with every other problem, before the total is looked at', () => {
    for (const code of ['INSUFFICIENT_STOCK', 'VARIANT_UNAVAILABLE', 'ADDRESS_MISSING', 'DELIVERY_MISSING'] as const)
      expect(place({ ...quote, problems: [problem('PRICE_CHANGED'), problem(code)] }, eur(1), buyer)).toEqual({
        kind: 'cart-not-ready',
        problems: [problem(code)],
      });
  });

  test('is refused without address or delivery even when the cart named no problem', () => {
    expect(place({ ...quote, shippingAddress: null, deliveryOption: null }, eur(1490), buyer)).toMatchObject({
      kind: 'cart-not-ready',
      problems: [{ code: 'ADDRESS_MISSING' }, { code: 'DELIVERY_MISSING' }],
    });
  });
});

describe('the input of a checkout', () => {
  const input = { cartId: 'c', expectedTotal: eur(1), email: 'a@shop.example', paymentToken: 'pm_card_visa', idempotencyKey: 'k' };
  const faults = (over: object, isGuest = true) => {
    const checked = checkCheckout({ ...input, ...over }, isGuest);
    return checked.kind === 'invalid' ? checked.error.fields.map(({ path }) => path.join('.')) : [];
  };

  test('is accepted when complete', () => {
    expect(checkCheckout(input, true)).toEqual({ kind: 'valid', value: input });
  });

  test('needs an e-mail address of a guest only', () => {
    expect(faults({ email: undefined })).toEqual(['email']);
    expect(faults({ email: null })).toEqual(['email']);
    expect(faults({ email: undefined }, false)).toEqual([]);
    expect(faults({ email: 'no address' }, false)).toEqual(['email']);
  });

  test('names every faulty field', () => {
    expect(faults({ paymentToken: ' ', idempotencyKey: '', expectedTotal: eur(-1) }).toSorted()).toEqual([
      'expectedTotal.amountMinor',
      'idempotencyKey',
      'paymentToken',
    ]);
    expect(faults({ idempotencyKey: 'k'.repeat(256) })).toEqual(['idempotencyKey']);
  });

  test('holds no card number, however written, and never repeats it', () => {
    for (const number of ['4242424242424242', '4242 4242 4242 4242', '4242-4242-4242-4242', '378282246310005']) {
      expect(looksLikeCardNumber(number)).toBe(true);
      const checked = checkCheckout({ ...input, paymentToken: number }, true);
      expect(checked.kind).toBe('invalid');
      expect(JSON.stringify(checked)).not.toContain(number);
    }
    for (const other of ['4242424242424241', 'pm_4242424242424242', '123456789012', 'tok']) expect(looksLikeCardNumber(other)).toBe(false);
  });
});
