import { describe, expect, it } from 'vitest';
import {
  addLines,
  emptyCart,
  putBackOrdered,
  removeOrdered,
  setDelivery,
  updateLine,
  type Addition,
  type CartState,
  type SeenVariant,
} from './cart.js';

const seen = (amountMinor: number, currency = 'EUR'): SeenVariant => ({
  productName: 'Mug',
  variantName: 'Blue',
  unitPrice: { amountMinor, currency },
  weightGrams: 300,
  taxClass: 'standard',
});
const addition = (sku: string, quantity: number, variant: SeenVariant | null = seen(1_000)): Addition => ({
  id: `new-${sku}`,
  sku,
  quantity,
  seen: variant,
});
const cartOf = (...additions: Addition[]): CartState => {
  const decision = addLines(emptyCart, additions);
  if (decision.kind !== 'changed') throw new Error(JSON.stringify(decision));
  return decision.state;
};
const quantities = (state: CartState) => Object.fromEntries(state.lines.map(({ sku, quantity }) => [sku, quantity]));
const paths = (decision: ReturnType<typeof addLines>) =>
  decision.kind === 'rejected' ? decision.faults.map(({ path }) => path.join('.')) : [];

describe('adding lines', () => {
  it('puts every SKU on one line, in the order of adding', () => {
    expect(quantities(cartOf(addition('a', 1), addition('b', 2), addition('a', 3)))).toEqual({ a: 4, b: 2 });
  });

  it('keeps the line of a SKU that is in the cart and sees its price anew', () => {
    const before = cartOf(addition('a', 1));
    const decision = addLines(before, [{ ...addition('a', 1, seen(1_200)), id: 'other' }]);
    expect(decision).toMatchObject({
      kind: 'changed',
      state: { lines: [{ id: 'new-a', quantity: 2, seen: { unitPrice: { amountMinor: 1_200 } } }] },
    });
  });

  it('names every entry that cannot be added and adds none', () => {
    const decision = addLines(emptyCart, [
      addition('a', 1),
      addition('gone', 1, null),
      addition('b', 0),
      addition('c', 1_000),
      addition('d', 1.5),
    ]);
    expect(paths(decision)).toEqual(['lines.1.sku', 'lines.2.quantity', 'lines.3.quantity', 'lines.4.quantity']);
  });

  it('takes up to 999 pieces of one article, counting what is in the cart', () => {
    expect(quantities(cartOf(addition('a', 999)))).toEqual({ a: 999 });
    expect(paths(addLines(cartOf(addition('a', 998)), [addition('a', 2)]))).toEqual(['lines.0.quantity']);
    expect(paths(addLines(emptyCart, [addition('a', 500), addition('a', 500)]))).toEqual(['lines.1.quantity']);
  });

  it('takes up to 100 lines', () => {
    const full = cartOf(...Array.from({ length: 100 }, (_, n) => addition(`s${n}`, 1)));
    expect(full.lines).toHaveLength(100);
    expect(paths(addLines(full, [addition('one-more', 1)]))).toEqual(['lines']);
    expect(addLines(full, [addition('s7', 1)]).kind).toBe('changed');
  });

  it('refuses an empty list', () => {
    expect(paths(addLines(emptyCart, []))).toEqual(['lines']);
  });

  it('refuses an article in another currency than the cart, which has no sum', () => {
    expect(paths(addLines(cartOf(addition('a', 1)), [addition('b', 1, seen(500, 'JPY'))]))).toEqual(['lines.0.sku']);
    expect(paths(addLines(emptyCart, [addition('a', 1), addition('b', 1, seen(500, 'JPY'))]))).toEqual(['lines.1.sku']);
  });

  it('leaves the state that it was given as it was', () => {
    const before = cartOf(addition('a', 1));
    addLines(before, [addition('a', 5), addition('b', 1)]);
    expect(quantities(before)).toEqual({ a: 1 });
  });
});

describe('updating a line', () => {
  const cart = cartOf(addition('a', 1), addition('b', 2));

  it('sets the quantity and sees the price anew', () => {
    expect(updateLine(cart, 'new-a', 7, seen(900))).toMatchObject({
      kind: 'changed',
      state: {
        lines: [
          { sku: 'a', quantity: 7, seen: { unitPrice: { amountMinor: 900 } } },
          { sku: 'b', quantity: 2 },
        ],
      },
    });
  });

  it('keeps the price seen before while none is known', () => {
    expect(updateLine(cart, 'new-a', 7, null)).toMatchObject({ state: { lines: [{ seen: { unitPrice: { amountMinor: 1_000 } } }, {}] } });
  });

  it('removes the line at 0', () => {
    const decision = updateLine(cart, 'new-a', 0, null);
    expect(decision.kind === 'changed' && quantities(decision.state)).toEqual({ b: 2 });
  });

  it.each([-1, 1_000, 0.5])('refuses a quantity of %d', (quantity) => {
    expect(updateLine(cart, 'new-a', quantity, null)).toMatchObject({ kind: 'rejected', faults: [{ path: ['quantity'] }] });
  });

  it('does not know a line of another cart', () => {
    expect(updateLine(cart, 'elsewhere', 1, null)).toEqual({ kind: 'line-not-found' });
  });
});

describe('setting the delivery', () => {
  const address = {
    fullName: 'A',
    company: null,
    line1: 'B 1',
    line2: null,
    city: 'C',
    region: null,
    postalCode: '1',
    country: 'DE',
    phone: null,
  };

  it('changes what is given and leaves the rest', () => {
    const withAddress = setDelivery(emptyCart, { shippingAddress: address, deliveryOptionCode: null }, ['standard']);
    expect(withAddress).toMatchObject({ kind: 'changed', state: { shippingAddress: address, deliveryOptionCode: null } });
    const both = setDelivery({ ...emptyCart, shippingAddress: address }, { shippingAddress: null, deliveryOptionCode: 'standard' }, [
      'standard',
    ]);
    expect(both).toMatchObject({ kind: 'changed', state: { shippingAddress: address, deliveryOptionCode: 'standard' } });
  });

  it('refuses an option that is not offered', () => {
    const decision = setDelivery(emptyCart, { shippingAddress: null, deliveryOptionCode: 'drone' }, ['standard']);
    expect(decision).toMatchObject({ kind: 'rejected', faults: [{ path: ['deliveryOptionCode'] }] });
  });

  it('keeps a chosen option that a new address makes impossible: the cart then has a problem, not an error', () => {
    const decision = setDelivery(
      { ...emptyCart, deliveryOptionCode: 'pickup' },
      { shippingAddress: address, deliveryOptionCode: null },
      [],
    );
    expect(decision).toMatchObject({ kind: 'changed', state: { deliveryOptionCode: 'pickup' } });
  });
});

describe('what was ordered leaves the cart', () => {
  it('empties a cart that was ordered as it is, and keeps the delivery', () => {
    const cart = { ...cartOf(addition('a', 1), addition('b', 2)), deliveryOptionCode: 'standard' };
    expect(
      removeOrdered(cart, [
        { sku: 'a', quantity: 1 },
        { sku: 'b', quantity: 2 },
      ]),
    ).toEqual({ lines: [], shippingAddress: null, deliveryOptionCode: 'standard' });
  });

  it('leaves what was added after the order', () => {
    const cart = cartOf(addition('a', 5), addition('later', 1));
    expect(quantities(removeOrdered(cart, [{ sku: 'a', quantity: 2 }]))).toEqual({ a: 3, later: 1 });
  });

  it('removes no more than is there', () => {
    expect(
      quantities(
        removeOrdered(cartOf(addition('a', 1)), [
          { sku: 'a', quantity: 2 },
          { sku: 'gone', quantity: 1 },
        ]),
      ),
    ).toEqual({});
  });

  it('adds up order lines of one SKU', () => {
    expect(
      quantities(
        removeOrdered(cartOf(addition('a', 5)), [
          { sku: 'a', quantity: 2 },
          { sku: 'a', quantity: 2 },
        ]),
      ),
    ).toEqual({ a: 1 });
  });
});

describe('what a rejected order had taken out comes back', () => {
  const ordered = cartOf(addition('a', 1), addition('b', 2));

  it('into a cart that the order had emptied, with the address and delivery that stayed', () => {
    const emptied = removeOrdered({ ...ordered, deliveryOptionCode: 'standard' }, ordered.lines);
    expect(putBackOrdered(emptied, ordered.lines)).toEqual({ ...ordered, deliveryOptionCode: 'standard' });
  });

  it('beside what was added meanwhile', () => {
    expect(quantities(putBackOrdered(cartOf(addition('later', 1)), ordered.lines))).toEqual({ later: 1, a: 1, b: 2 });
  });

  it('but not twice: of an article that is there again the larger quantity counts, on the line that is there', () => {
    const again = cartOf(addition('a', 5, seen(900)), addition('b', 1, seen(900)));
    const back = putBackOrdered(again, [
      { id: 'x', sku: 'a', quantity: 1, seen: seen(1_000) },
      { id: 'y', sku: 'b', quantity: 2, seen: seen(1_000) },
    ]);
    expect(quantities(back)).toEqual({ a: 5, b: 2 });
    expect(back.lines.map(({ id, seen: { unitPrice } }) => [id, unitPrice.amountMinor])).toEqual([
      ['new-a', 900],
      ['new-b', 900],
    ]);
  });

  it('and changes nothing when it is done again', () => {
    expect(putBackOrdered(ordered, ordered.lines)).toEqual(ordered);
  });

  it('adds up order lines of one SKU, to 999 at most', () => {
    const line = (quantity: number) => ({ id: `of-${quantity}`, sku: 'a', quantity, seen: seen(1_000) });
    expect(quantities(putBackOrdered(emptyCart, [line(2), line(3)]))).toEqual({ a: 5 });
    expect(quantities(putBackOrdered(emptyCart, [line(900), line(100)]))).toEqual({ a: 999 });
  });

  it('as far as there is room for lines', () => {
    const nearlyFull = cartOf(...Array.from({ length: 99 }, (_, n) => addition(`s${n}`, 1)));
    const back = putBackOrdered(nearlyFull, [...ordered.lines, ...cartOf(addition('s7', 3)).lines]);
    expect(back.lines).toHaveLength(100);
    expect(quantities(back)).toMatchObject({ a: 1, s7: 3 });
    expect(quantities(back)).not.toHaveProperty('b');
  });

  it('not into a cart of another currency, which has no sum with it', () => {
    const yen = cartOf(addition('y', 1, seen(500, 'JPY')));
    expect(putBackOrdered(yen, ordered.lines)).toEqual(yen);
  });
});
