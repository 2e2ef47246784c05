import { anonymous, type Viewer } from '@shop/platform/viewer';
import { describe, expect, test } from 'vitest';
import { priceChange } from './price-change.js';
import { contentOf, documentOf, isVisible, priceRange, sameContent, type ProductContent } from './product.js';

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const variant = (sku: string, amountMinor: number) => ({
  id: sku,
  sku,
  name: sku,
  optionValues: [],
  price: eur(amountMinor),
  compareAtPrice: null,
  weightGrams: 1,
});
const content: ProductContent = {
  slug: 'kite',
  name: 'Ärger Kite',
  description: '',
  brand: null,
  status: 'DRAFT',
  taxClass: 'STANDARD',
  categoryIds: ['c'],
  images: [],
  attributes: [{ name: 'a', value: 'b' }],
  options: [],
  variants: [variant('A', 300), variant('B', 100), variant('C', 200)],
};

test('the price range goes from the lowest to the highest variant', () => {
  expect(priceRange(content.variants)).toEqual({ min: eur(100), max: eur(300) });
  expect(() => priceRange([])).toThrow(RangeError);
});

test('a document holds its content and what lists need', () => {
  expect(documentOf(content)).toMatchObject({
    skus: ['A', 'B', 'C'],
    minPriceMinor: 100,
    maxPriceMinor: 300,
    currency: 'EUR',
    nameKey: 'ärger kite',
  });
  expect(contentOf(documentOf(content))).toEqual(content);
});

test('contents are the same whatever order a store gives their fields in', () => {
  expect(sameContent(content, { ...content, attributes: [{ value: 'b', name: 'a' }] })).toBe(true);
  expect(sameContent(content, { ...content, attributes: [{ value: 'a', name: 'b' }] })).toBe(false);
});

describe('a change of prices', () => {
  const price = (sku: string, amountMinor: number, before: number | null = null) => ({
    sku,
    price: eur(amountMinor),
    compareAtPrice: before === null ? null : eur(before),
  });

  test('touches the named variants only', () => {
    const changed = priceChange(content, [price('B', 150, 200)]);
    expect(changed).toMatchObject({
      kind: 'changed',
      content: { variants: [{ price: eur(300) }, { price: eur(150), compareAtPrice: eur(200) }, { price: eur(200) }] },
    });
  });

  test('is refused at the fields that cannot be', () => {
    const problems = (...prices: Parameters<typeof priceChange>[1]) => {
      const change = priceChange(content, prices);
      return change.kind === 'invalid' ? change.problems.map(({ path }) => path.join('.')) : [];
    };
    expect(problems(price('A', 1), price('X', 1), price('A', 2))).toEqual(['prices.1.sku', 'prices.2.sku']);
    expect(problems(price('B', 150, 150))).toEqual(['prices.0.compareAtPrice.amountMinor']);
    expect(problems({ sku: 'A', price: { amountMinor: 1, currency: 'USD' }, compareAtPrice: null })).toEqual(['prices', 'prices']);
  });

  test('may move all of a product to another currency', () => {
    const dollars = ['A', 'B', 'C'].map((sku) => ({ sku, price: { amountMinor: 1, currency: 'USD' }, compareAtPrice: null }));
    expect(priceChange(content, dollars)).toMatchObject({ kind: 'changed' });
  });
});

test.each(['DRAFT', 'ARCHIVED'] as const)('a product that is %s exists for those who may read all', (status) => {
  const staff: Viewer = { kind: 'service', name: 'test', scopes: ['catalog:read-all'] };
  expect([isVisible({ status }, anonymous), isVisible({ status }, staff), isVisible({ status: 'PUBLISHED' }, anonymous)]).toEqual([
    false,
    true,
    true,
  ]);
});
