import { as, dataOf, userViewer } from '@shop/tests/kit/subgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { product, variant } from '@shop/tests/kit/seed-product';
import { anyone, catalogWith, category, reader, staff, type CatalogUnderTest } from './harness.js';

/** Changes by staff. */
export function writingContract(): void {
  let shop: CatalogUnderTest;
  const toys = category('toys');
  beforeAll(async () => {
    shop = await catalogWith({
      categories: [toys],
      products: [product('kite'), product('yoyo'), product('pair', { variants: [variant('PAIR-1', 1000), variant('PAIR-2', 2000)] })],
    });
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  const RESULT = `__typename
  ... on ProductPayload { product { id slug name brand status version taxClasses: variants { taxClass } categories { slug } options { name values }
    variants { sku price { amountMinor } compareAtPrice { amountMinor } } priceRange { min { amountMinor } max { amountMinor } } } }
  ... on UserError { code message } ... on ValidationError { fields { path message } }`;
  const CONFLICT = '... on ConflictError { currentVersion }';
  const CREATE = `mutation ($input: CreateProductInput!) { createProduct(input: $input) { ${RESULT} } }`;
  const UPDATE = `mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { ${RESULT} ${CONFLICT} } }`;
  const PRICES = `mutation ($input: SetPricesInput!) { setPrices(input: $input) { ${RESULT} ${CONFLICT} } }`;
  const STEP = (step: string) => `mutation ($id: ID!, $v: Int!) { ${step}(id: $id, expectedVersion: $v) { ${RESULT} ${CONFLICT} } }`;

  const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
  const boat = (overrides: object = {}) => ({
    slug: 'toy-boat',
    name: 'Toy Boat',
    description: 'Floats.',
    categorySlugs: ['toys'],
    variants: ['Red', 'Blue'].map((colour, n) => ({
      sku: `BOAT-${colour}`,
      name: colour,
      optionValues: [{ name: 'Colour', value: colour }],
      price: eur(1990 + n),
      weightGrams: 300,
    })),
    ...overrides,
  });
  const create = async (input: object) => (await dataOf(staff(shop)(CREATE, { input })))['createProduct'];
  const update = async (input: object) => (await dataOf(staff(shop)(UPDATE, { input })))['updateProduct'];
  const setPrices = async (input: object) => (await dataOf(staff(shop)(PRICES, { input })))['setPrices'];
  const step = async (name: string, id: string, v: number) => (await dataOf(staff(shop)(STEP(name), { id, v })))[name];

  describe('a new product', () => {
    test('is a draft, seen by staff only until it is published', async () => {
      const made = await create(boat());
      expect(made).toMatchObject({
        __typename: 'ProductPayload',
        product: { status: 'DRAFT', version: 1, categories: [{ slug: 'toys' }], options: [{ name: 'Colour', values: ['Red', 'Blue'] }] },
      });
      const id = (made as { product: { id: string } }).product.id;
      const see = `query ($id: ID!) { product(id: $id) { status } }`;
      expect(await dataOf(anyone(shop)(see, { id }))).toEqual({ product: null });
      expect(await dataOf(as(shop.catalog, reader)(see, { id }))).toEqual({ product: { status: 'DRAFT' } });
      expect(await step('publishProduct', id, 1)).toMatchObject({ product: { status: 'PUBLISHED', version: 2 } });
      expect(await dataOf(anyone(shop)(see, { id }))).toEqual({ product: { status: 'PUBLISHED' } });
    });

    test('has the tax class it was given, else the standard one', async () => {
      const taxed = await create(boat({ slug: 'taxed', taxClass: 'REDUCED', variants: [variantInput('TAXED')] }));
      expect(taxed).toMatchObject({ product: { taxClasses: [{ taxClass: 'REDUCED' }] } });
      const plain = await create(boat({ slug: 'plain', variants: [variantInput('PLAIN')] }));
      expect(plain).toMatchObject({ product: { taxClasses: [{ taxClass: 'STANDARD' }] } });
    });

    test('cannot take a slug or SKU that another product has', async () => {
      expect(await create(boat({ slug: 'kite', variants: [variantInput('FREE')] }))).toMatchObject({
        __typename: 'SlugTakenError',
        code: 'SLUG_TAKEN',
      });
      expect(await create(boat({ slug: 'free', variants: [variantInput('FREE'), variantInput('KITE')] }))).toMatchObject({
        __typename: 'ValidationError',
        fields: [{ path: ['variants', '1', 'sku'] }],
      });
    });

    test('of two writers with the same SKU one gets it', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, n) => create(boat({ slug: `race-${n}`, variants: [variantInput('RACE')] }))),
      );
      expect(answers.map((a) => (a as { __typename: string }).__typename).toSorted()).toEqual([
        'ProductPayload',
        ...Array(7).fill('ValidationError'),
      ]);
    });

    test.each([
      ['a slug with capitals', { slug: 'Toy Boat' }, ['slug']],
      ['no variant', { variants: [] }, ['variants']],
      ['a negative price', { variants: [{ ...variantInput('A'), price: eur(-1) }] }, ['variants', '0', 'price', 'amountMinor']],
      [
        'two currencies',
        { variants: [variantInput('A'), { ...variantInput('B'), price: { amountMinor: 1, currency: 'USD' } }] },
        ['variants', '1', 'price', 'currency'],
      ],
      ['a SKU twice', { variants: [variantInput('A'), variantInput('A')] }, ['variants', '1', 'sku']],
      ['an unknown category', { categorySlugs: ['toys', 'nowhere'] }, ['categorySlugs', '1']],
      ['an unknown tax class', { taxClass: 'LUXURY' }, ['taxClass']],
      [
        'a former price below the present one',
        { variants: [{ ...variantInput('A'), compareAtPrice: eur(1) }] },
        ['variants', '0', 'compareAtPrice', 'amountMinor'],
      ],
      ['a variant outside the options', { options: [{ name: 'Colour', values: ['Red', 'Green'] }] }, ['variants', '1', 'optionValues']],
    ])('with %s is refused at the field', async (_, fault, path) => {
      expect(await create(boat({ slug: 'faulty', ...fault }))).toMatchObject({
        __typename: 'ValidationError',
        fields: expect.arrayContaining([expect.objectContaining({ path })]),
      });
    });
  });

  describe('a change', () => {
    test('needs the version that its writer has read', async () => {
      expect(await update({ id: 'product-kite', expectedVersion: 1, name: 'Red Kite', brand: 'Calla' })).toMatchObject({
        product: { name: 'Red Kite', brand: 'Calla', version: 2 },
      });
      expect(await update({ id: 'product-kite', expectedVersion: 1, name: 'Lost' })).toMatchObject({
        __typename: 'ConflictError',
        currentVersion: 2,
      });
      expect(await update({ id: 'product-kite', expectedVersion: 2, brand: null })).toMatchObject({
        product: { name: 'Red Kite', brand: null, version: 3 },
      });
      expect(await update({ id: 'nobody', expectedVersion: 1, name: 'X' })).toMatchObject({ __typename: 'NotFoundError' });
    });

    test('that changes nothing makes no version', async () => {
      expect(await update({ id: 'product-pair', expectedVersion: 1, name: 'pair' })).toMatchObject({ product: { version: 1 } });
    });

    test('of ten at once from the same version one is made', async () => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => update({ id: 'product-yoyo', expectedVersion: 1, name: `Name ${n}` })),
      );
      const kinds = answers.map((a) => (a as { __typename: string }).__typename).toSorted();
      expect(kinds).toEqual([...Array(9).fill('ConflictError'), 'ProductPayload']);
      expect(answers.filter((a) => (a as { currentVersion?: number }).currentVersion === 2)).toHaveLength(9);
    });

    test('of prices moves the range, and is all or nothing', async () => {
      const prices = [{ sku: 'PAIR-2', price: eur(1500), compareAtPrice: eur(2000) }];
      expect(await setPrices({ productId: 'product-pair', expectedVersion: 1, prices })).toMatchObject({
        product: {
          version: 2,
          priceRange: { min: { amountMinor: 1000 }, max: { amountMinor: 1500 } },
          variants: [{ compareAtPrice: null }, { compareAtPrice: { amountMinor: 2000 } }],
        },
      });
      const unknown = [...prices, { sku: 'KITE', price: eur(1) }];
      expect(await setPrices({ productId: 'product-pair', expectedVersion: 2, prices: unknown })).toMatchObject({
        fields: [{ path: ['prices', '1', 'sku'] }],
      });
      const foreign = [{ sku: 'PAIR-2', price: { amountMinor: 1, currency: 'USD' } }];
      expect(await setPrices({ productId: 'product-pair', expectedVersion: 2, prices: foreign })).toMatchObject({
        fields: [{ path: ['prices', '0', 'price', 'currency'] }],
      });
    });
  });

  describe('who may write', () => {
    const input = boat({ slug: 'unwanted' });
    test('needs catalog:write, signed in or not', async () => {
      const refusal = async (ask: ReturnType<typeof anyone>) => (await ask(CREATE, { input })).errors?.[0]?.extensions?.['code'];
      expect(await refusal(anyone(shop))).toBe('UNAUTHENTICATED');
      expect(await refusal(as(shop.catalog, userViewer()))).toBe('FORBIDDEN');
      expect(await refusal(as(shop.catalog, reader))).toBe('FORBIDDEN');
    });
  });

  function variantInput(sku: string) {
    return { sku, name: sku, optionValues: [], price: eur(1000), weightGrams: 1 };
  }
}
