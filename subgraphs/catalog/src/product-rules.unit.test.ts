import { describe, expect, test } from 'vitest';
import { optionsOf, variantProblems, variantsRule } from './product-rules.js';

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const variant = (sku: string, ...values: [name: string, value: string][]) => ({
  sku,
  name: sku,
  optionValues: values.map(([name, value]) => ({ name, value })),
  price: eur(1000),
  compareAtPrice: null,
  weightGrams: 1,
});
const paths = (...args: Parameters<typeof variantProblems>) => variantProblems(...args).map(({ path }) => path.join('.'));

describe('variants of a product', () => {
  test('may differ by name alone when there are no options', () => {
    expect(variantProblems(null, [variant('A'), variant('B')])).toEqual([]);
  });

  test('choose one value of every option, each combination once', () => {
    const options = [
      { name: 'Size', values: ['S', 'M'] },
      { name: 'Colour', values: ['Red'] },
    ];
    const red: [string, string] = ['Colour', 'Red'];
    expect(paths(options, [variant('A', ['Size', 'S'], red), variant('B', red, ['Size', 'M'])])).toEqual([]);
    expect(paths(options, [variant('A', ['Size', 'S'], red), variant('B', red, ['Size', 'S'])])).toEqual(['variants.1.optionValues']);
    expect(paths(options, [variant('A', ['Size', 'S'])])).toEqual(['variants.0.optionValues']);
    expect(paths(options, [variant('A', ['Size', 'S'], ['Size', 'M'], red)])).toEqual(['variants.0.optionValues']);
    expect(paths(options, [variant('A', ['Size', 'XL'], red)])).toEqual(['variants.0.optionValues']);
  });

  test('need options that are there once', () => {
    expect(
      paths(
        [
          { name: 'Size', values: ['S', 'S'] },
          { name: 'Size', values: ['M'] },
        ],
        [variant('A', ['Size', 'S'])],
      ),
    ).toEqual(expect.arrayContaining(['options.1.name', 'options.0.values.1']));
  });

  test('have a SKU each, and one currency together', () => {
    const dollar = { ...variant('B'), price: { amountMinor: 1, currency: 'USD' } };
    expect(paths(null, [variant('A'), variant('A'), dollar])).toEqual(['variants.1.sku', 'variants.2.price.currency']);
  });

  test('were dearer before a reduction, in the same currency', () => {
    const reduced = (compareAtPrice: { amountMinor: number; currency: string }) => [{ ...variant('A'), compareAtPrice }];
    expect(paths(null, reduced(eur(1001)))).toEqual([]);
    expect(paths(null, reduced(eur(1000)))).toEqual(['variants.0.compareAtPrice.amountMinor']);
    expect(paths(null, reduced({ amountMinor: 2000, currency: 'USD' }))).toEqual(['variants.0.compareAtPrice.currency']);
  });

  test('are 1 to 2,048', () => {
    const many = (count: number) => variantsRule.safeParse(Array.from({ length: count }, (_, n) => variant(`S${n}`))).success;
    expect([many(0), many(1), many(2048), many(2049)]).toEqual([false, true, true, false]);
  });

  test('tell the options that were left out', () => {
    expect(optionsOf([variant('A', ['Size', 'S']), variant('B', ['Size', 'M']), variant('C', ['Size', 'S'])])).toEqual([
      { name: 'Size', values: ['S', 'M'] },
    ]);
  });
});
