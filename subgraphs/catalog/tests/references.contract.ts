import { as, dataOf } from '@shop/tests/kit/subgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { product } from '@shop/tests/kit/seed-product';
import { anyone, catalogWith, category, reader, staff, type CatalogUnderTest, countStatements } from './harness.js';

/** Products by their keys, and what that costs. */
export function referencesContract(): void {
  let shop: CatalogUnderTest;
  const games = category('games');
  const many = Array.from({ length: 30 }, (_, n) => product(`game-${n}`, { categoryIds: [games.id] }));
  beforeAll(async () => {
    const products = [...many, product('draft', { status: 'DRAFT' }), product('old', { status: 'ARCHIVED', categoryIds: [games.id] })];
    shop = await catalogWith({ categories: [games], products });
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename
  ... on Product { id slug categories { slug parent { slug } } variants { sku product { id } } priceRange { min { amountMinor } } }
  ... on ProductVariant { id sku product { slug categories { name } } } ... on Category { id slug } } }`;
  const entities = async (representations: object[], ask = anyone(shop)) => (await dataOf(ask(ENTITIES, { representations })))['_entities'];

  describe('a reference', () => {
    test('finds each type by each of its keys', async () => {
      const found = await entities([
        { __typename: 'Product', id: 'product-game-1' },
        { __typename: 'Product', slug: 'game-2' },
        { __typename: 'ProductVariant', id: 'variant-GAME-3' },
        { __typename: 'ProductVariant', sku: 'GAME-4' },
        { __typename: 'Category', id: games.id },
        { __typename: 'Category', slug: 'games' },
      ]);
      expect(found).toMatchObject([
        { slug: 'game-1' },
        { id: 'product-game-2' },
        { sku: 'GAME-3' },
        { product: { slug: 'game-4' } },
        { slug: 'games' },
        { id: games.id },
      ]);
    });

    const hidden = [
      { __typename: 'Product', id: 'product-draft' },
      { __typename: 'Product', slug: 'old' },
      { __typename: 'ProductVariant', sku: 'OLD' },
      { __typename: 'ProductVariant', id: 'variant-DRAFT' },
    ];
    test('to what is missing or hidden is null and no error', async () => {
      expect(await entities([...hidden, { __typename: 'Product', id: 'nobody' }, { __typename: 'Category', slug: 'nowhere' }])).toEqual(
        Array(6).fill(null),
      );
      expect(await entities(hidden, as(shop.catalog, reader))).toMatchObject([
        { slug: 'draft' },
        { slug: 'old' },
        { sku: 'OLD' },
        { sku: 'DRAFT' },
      ]);
    });

    test.each([
      ['Product', 'id', (n: number) => `product-game-${n}`],
      ['Product', 'slug', (n: number) => `game-${n}`],
      ['ProductVariant', 'sku', (n: number) => `GAME-${n}`],
      ['ProductVariant', 'id', (n: number) => `variant-GAME-${n}`],
    ])('to many of %s by %s costs one statement, with all that lies below', async (__typename, key, value) => {
      const ask = (count: number) => entities(Array.from({ length: count }, (_, n) => ({ __typename, [key]: value(n) })));
      await ask(1);
      expect(await countStatements(() => ask(5))).toBe(1);
      expect(await countStatements(() => ask(20))).toBe(1);
    });
  });

  test('a page of twenty products costs as many statements as one of five', async () => {
    const page = (first: number) =>
      dataOf(
        anyone(shop)(
          `query ($first: Int) { products(first: $first) { nodes { slug categories { slug parent { slug } } variants { sku product { id } } priceRange { max { amountMinor } } } } }`,
          { first },
        ),
      );
    await page(1);
    const five = await countStatements(() => page(5));
    expect(five).toBe(1);
    expect(await countStatements(() => page(20))).toBe(five);
  });

  test('pictures that are kept as a path are found at the shop, others where they are', async () => {
    const images = ['/media/products/top.svg', 'https://pictures.example/top.jpg'].map((url) => ({
      url,
      alt: 'A top',
      width: null,
      height: null,
    }));
    await using own = await catalogWith({ categories: [], products: [product('top', { images })] });
    expect(await dataOf(anyone(own)(`{ product(slug: "top") { images { url width } } }`))).toEqual({
      product: {
        images: [
          { url: 'http://localhost:4000/media/products/top.svg', width: null },
          { url: 'https://pictures.example/top.jpg', width: null },
        ],
      },
    });
  });

  test('a product is asked for by exactly one of id and slug', async () => {
    for (const args of ['id: "product-game-1", slug: "game-1"', 'id: null']) {
      const { errors } = await anyone(shop)(`{ product(${args}) { id } }`);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
  });

  describe('variants for a cart', () => {
    const read = async (skus: string[], ask = staff(shop)) =>
      (await dataOf(ask(`query ($skus: [String!]!) { variantsBySku(skus: $skus) { sku taxClass product { slug } } }`, { skus })))[
        'variantsBySku'
      ];

    test('are those of published products, even for staff', async () => {
      expect(await read(['GAME-1', 'OLD', 'DRAFT', 'NOTHING'])).toEqual([
        { sku: 'GAME-1', taxClass: 'STANDARD', product: { slug: 'game-1' } },
      ]);
    });

    test('are at most 200 at a time', async () => {
      const { errors } = await anyone(shop)(`query ($skus: [String!]!) { variantsBySku(skus: $skus) { sku } }`, {
        skus: Array.from({ length: 201 }, (_, n) => `S${n}`),
      });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    });
  });
}
