import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { pictureColours, shapes } from './picture-shapes.js';
import { productPicture } from './product-picture.js';
import { sampleCatalogue, samplePicture } from './sample-catalogue.js';

const { categories, products } = sampleCatalogue();
const variants = products.flatMap((product) => product.variants);
const count = <T>(values: readonly T[]) => new Set(values).size;

describe('the sample catalogue', () => {
  test('has 2,000 products and 5,000 variants', () => {
    expect(products).toHaveLength(2_000);
    expect(variants).toHaveLength(5_000);
  });

  test('is the same every time', () => {
    const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
    expect(digest(sampleCatalogue())).toBe(digest({ categories, products }));
  });

  test('names everything once', () => {
    expect(count(products.map(({ slug }) => slug))).toBe(2_000);
    expect(count(products.map(({ id }) => id))).toBe(2_000);
    expect(count(variants.map(({ sku }) => sku))).toBe(5_000);
    expect(count(variants.map(({ id }) => id))).toBe(5_000);
    expect(count(categories.map(({ slug }) => slug))).toBe(categories.length);
    for (const { slug } of [...products, ...categories]) expect(slug).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
  });

  test('has a tree of three levels with products at its leaves only', () => {
    const byId = new Map(categories.map((category) => [category.id, category]));
    const depth = (id: string | null): number => (id === null ? 0 : 1 + depth(byId.get(id)?.parentId ?? null));
    const depths = categories.map(({ id }) => depth(id));
    expect(Math.max(...depths)).toBe(3);
    expect(depths.filter((d) => d === 1)).toHaveLength(9);
    expect(products.every(({ categoryIds }) => categoryIds.every((id) => depth(id) === 3))).toBe(true);
    expect(count(products.flatMap(({ categoryIds }) => categoryIds))).toBe(depths.filter((d) => d === 3).length);
  });

  test('keeps the rules of the catalog', () => {
    for (const { options, variants: own, attributes, description } of products) {
      expect(own.length).toBeGreaterThan(0);
      expect(count(own.map(({ optionValues }) => JSON.stringify(optionValues)))).toBe(own.length);
      for (const { optionValues, price, compareAtPrice, weightGrams } of own) {
        expect(optionValues.map(({ name }) => name)).toEqual(options.map(({ name }) => name));
        expect(
          optionValues.every(({ name, value }) => options.some((option) => option.name === name && option.values.includes(value))),
        ).toBe(true);
        expect(price.amountMinor).toBeGreaterThan(0);
        expect(weightGrams).toBeGreaterThan(0);
        expect(compareAtPrice?.amountMinor ?? Infinity).toBeGreaterThan(price.amountMinor);
      }
      expect(attributes.length).toBeGreaterThan(0);
      expect(description).not.toMatch(/[{}]/);
      const sentences = description.split(/[.!?](?:\s|$)/).filter(Boolean).length;
      expect(sentences).toBeGreaterThanOrEqual(2);
    }
  });

  test('is mostly for sale, books at the reduced rate', () => {
    const published = products.filter(({ status }) => status === 'PUBLISHED').length;
    expect(published).toBeGreaterThan(1_950);
    expect(count(products.map(({ status }) => status))).toBe(3);
    expect(products.filter(({ taxClass }) => taxClass === 'REDUCED').length).toBeGreaterThan(100);
    expect(variants.filter(({ compareAtPrice }) => compareAtPrice).length).toBeGreaterThan(300);
  });
});

describe('a picture', () => {
  test('exists for every product, at the address that the product gives', () => {
    for (const { slug, images } of products) {
      expect(images.map(({ url }) => url)).toEqual([`/media/products/${slug}.svg`]);
      expect(samplePicture(slug)).toMatch(/^<svg .*<\/svg>\n$/s);
    }
    expect(samplePicture('nobody')).toBeNull();
  });

  test('is drawn for every kind and colour without leftovers of the template', () => {
    for (const kind of Object.keys(shapes) as (keyof typeof shapes)[])
      for (const colour of [...Object.keys(pictureColours), 'no colour'])
        expect(productPicture({ name: 'N', brand: 'B', kind, colour })).not.toMatch(/\$[mdl]|undefined|NaN/);
  });

  test('cannot be broken by a name', () => {
    const svg = productPicture({ name: '<script>"&', brand: 'A & B', kind: 'mug', colour: 'Sage' });
    expect(svg).toContain('&lt;script&gt;&quot;&amp;');
    expect(svg).not.toContain('<script');
  });
});
