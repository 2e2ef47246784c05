import { productChanged } from '@shop/events/catalog';
import { dataOf } from '@shop/tests/kit/subgraph';
import { describe, expect, test } from 'vitest';
import { seedCatalog } from '../src/seed.js';
import { product } from '@shop/tests/kit/seed-product';
import { anyone, catalogWith, category, emptyPlace, staff, startOn } from './harness.js';

/** What the catalog tells others, and imports. */
export function publishingContract(): void {
  const clothing = category('clothing');
  const hats = category('hats', clothing);
  const seed = { categories: [clothing, hats], products: [product('cap', { categoryIds: [hats.id] }), product('beret')] };

  const rename = (name: string, expectedVersion: number) =>
    `mutation { updateProduct(input: { id: "product-cap", expectedVersion: ${expectedVersion}, name: "${name}" }) { __typename } }`;

  describe('product-changed', () => {
    test('tells the whole product as it is at its version', async () => {
      await using shop = await catalogWith(seed);
      await dataOf(staff(shop)(rename('Sun Cap', 1)));
      await shop.catalog.settle();
      expect(shop.received).toHaveLength(1);
      const [event] = shop.received;
      expect(event).toMatchObject({ type: productChanged.type, aggregateId: 'product-cap', aggregateVersion: 2 });
      expect(productChanged.data.parse(event?.data)).toMatchObject({
        version: 2,
        name: 'Sun Cap',
        categories: [{ slug: 'hats', path: [{ slug: 'clothing' }, { slug: 'hats' }] }],
        variants: [{ variantId: 'variant-CAP', sku: 'CAP', price: { amountMinor: 1000, currency: 'EUR' } }],
      });
    });

    test('is sent up to the newest version, for every status', async () => {
      await using shop = await catalogWith(seed);
      const ask = staff(shop);
      for (let version = 1; version <= 5; version++) await dataOf(ask(rename(`Cap ${version}`, version)));
      await dataOf(ask(`mutation { archiveProduct(id: "product-cap", expectedVersion: 6) { __typename } }`));
      await shop.catalog.settle();
      const versions = shop.received.map(({ aggregateVersion }) => aggregateVersion);
      expect(versions.at(-1)).toBe(7);
      expect(versions).toEqual([...new Set(versions)]);
      expect(shop.received.at(-1)?.data).toMatchObject({ status: 'ARCHIVED', name: 'Cap 5' });
    });

    test('is not sent again after a restart', async () => {
      await using database = await emptyPlace();
      await seedCatalog(database.url, seed);
      const before = await startOn(database.url);
      await dataOf(staff(before)(rename('Cap', 1)));
      await before.catalog.settle();
      await before.stop();
      expect(before.received).toHaveLength(1);

      const quiet = await startOn(database.url);
      await quiet.catalog.settle();
      await quiet.stop();
      expect(quiet.received).toEqual([]);
    });

    test('sent again, because a crash came between sending and marking, has the same id', async () => {
      await using shop = await catalogWith(seed);
      await dataOf(staff(shop)(rename('Cap', 1)));
      await shop.catalog.settle();
      await shop.forgetSent('product-cap');
      await shop.catalog.settle();
      expect(shop.received).toHaveLength(2);
      expect(shop.received[1]).toEqual(shop.received[0]);
    });
  });

  describe('an import', () => {
    const shirt = (overrides: object = {}) => ({
      slug: 'linen-shirt',
      name: 'Linen Shirt',
      description: 'Light.',
      brand: 'Calla',
      categoryPaths: [['Clothing', 'Men', 'Shirts']],
      images: [{ url: 'https://pictures.example/shirt.jpg', alt: 'A shirt' }],
      attributes: [{ name: 'Material', value: 'Linen' }],
      variants: ['S', 'M'].map((size) => ({
        sku: `SHIRT-${size}`,
        name: size,
        optionValues: [{ name: 'Size', value: size }],
        price: { amountMinor: 4900, currency: 'EUR' },
        weightGrams: 200,
      })),
      ...overrides,
    });
    const IMPORT = `mutation ($products: [ImportProductInput!]!) { importProducts(products: $products) { slug kind reason productId version } }`;

    test('makes products and categories, and is safe to repeat', async () => {
      await using shop = await catalogWith({ categories: [{ ...clothing, name: 'Clothing' }], products: [product('cap')] });
      const run = async (...products: object[]) => (await dataOf(staff(shop)(IMPORT, { products })))['importProducts'];
      expect(
        await run(
          shirt(),
          shirt({ slug: 'other', variants: [] }),
          shirt({
            slug: 'thief',
            variants: [{ sku: 'CAP', name: 'Cap', optionValues: [], price: { amountMinor: 1, currency: 'EUR' }, weightGrams: 1 }],
          }),
        ),
      ).toMatchObject([
        { kind: 'CREATED', version: 1 },
        { kind: 'REFUSED', reason: 'variants: a product has at least one variant' },
        { kind: 'REFUSED', reason: 'another product has the SKU CAP' },
      ]);
      expect(await run(shirt())).toMatchObject([{ kind: 'UNCHANGED', version: 1 }]);
      expect(await run(shirt({ name: 'Fine Linen Shirt' }))).toMatchObject([{ kind: 'UPDATED', version: 2 }]);

      const data = await dataOf(
        staff(shop)(
          `{ product(slug: "linen-shirt") { name status images { url } options { values } categories { slug parent { slug parent { slug } } } } categories { slug } }`,
        ),
      );
      expect(data).toEqual({
        product: {
          name: 'Fine Linen Shirt',
          status: 'PUBLISHED',
          images: [{ url: 'https://pictures.example/shirt.jpg' }],
          options: [{ values: ['S', 'M'] }],
          categories: [{ slug: 'shirts', parent: { slug: 'men', parent: { slug: 'clothing' } } }],
        },
        categories: [{ slug: 'clothing' }],
      });
      await shop.catalog.settle();
      expect(shop.received.at(-1)).toMatchObject({ aggregateVersion: 2 });
    });

    test('of the same new product from two sides makes one', async () => {
      await using shop = await catalogWith();
      const run = async () => (await dataOf(staff(shop)(IMPORT, { products: [shirt()] })))['importProducts'];
      const kinds = (await Promise.all([run(), run(), run()])).flat().map((outcome) => (outcome as { kind: string }).kind);
      expect(kinds.toSorted()).toEqual(['CREATED', 'UNCHANGED', 'UNCHANGED']);
    });

    test('is for catalog:write only, and 100 products at a time', async () => {
      await using shop = await catalogWith();
      expect((await anyone(shop)(IMPORT, { products: [shirt()] })).errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect((await staff(shop)(IMPORT, { products: Array(101).fill(shirt()) })).errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    });
  });
}
