import { dataOf } from '@shop/tests/kit/subgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { product } from '@shop/tests/kit/seed-product';
import { anyone, catalogWith, category, staff, START, type CatalogUnderTest } from './harness.js';

/** Lists of products, their order and their pages. */
export function listsContract(): void {
  const clothing = category('clothing');
  const women = category('women', clothing);
  const dresses = category('dresses', women);
  const books = category('books', null, 1);

  const minutes = (n: number) => new Date(START.getTime() + Math.floor(n) * 60_000);
  // Many equal prices, names and instants, so that the order needs its tie-breaker.
  const many = Array.from({ length: 47 }, (_, n) =>
    product(`item-${String(n).padStart(2, '0')}`, {
      name: ['Linen Dress', 'apron', 'Über-Coat', 'zip jacket', 'Blazer'][n % 5] ?? '',
      priceMinor: 500 + (n % 4) * 250,
      brand: n % 2 === 0 ? 'Fjordlin' : 'Calla',
      categoryIds: [[dresses.id], [women.id], [books.id]][n % 3] ?? [],
      createdAt: minutes(n / 5),
    }),
  );
  const hidden = [product('secret-draft', { status: 'DRAFT', categoryIds: [books.id] }), product('gone', { status: 'ARCHIVED' })];

  let shop: CatalogUnderTest;
  beforeAll(async () => {
    shop = await catalogWith({ categories: [clothing, women, dresses, books], products: [...many, ...hidden] });
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  const pageSchema = z.object({
    products: z.object({
      totalCount: z.number(),
      nodes: z.array(
        z.object({ slug: z.string(), name: z.string(), priceRange: z.object({ min: z.object({ amountMinor: z.number() }) }) }),
      ),
      edges: z.array(z.object({ cursor: z.string() })),
      pageInfo: z.object({ hasNextPage: z.boolean(), hasPreviousPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  });
  const LIST = `query ($filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {
  products(filter: $filter, sort: $sort, first: $first, after: $after) {
    totalCount nodes { slug name priceRange { min { amountMinor } } } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}`;

  async function readPage(variables: Record<string, unknown>, ask = anyone(shop)) {
    return pageSchema.parse(await dataOf(ask(LIST, variables))).products;
  }

  async function readAll(variables: Record<string, unknown>) {
    const nodes: Awaited<ReturnType<typeof readPage>>['nodes'] = [];
    for (let after: string | null = null; ;) {
      const page = await readPage({ ...variables, first: 7, after });
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      nodes.push(...page.nodes);
      after = page.pageInfo.endCursor;
      if (!page.pageInfo.hasNextPage) return nodes;
    }
  }

  const slugs = (nodes: readonly { slug: string }[]) => nodes.map(({ slug }) => slug);

  describe('a list paged through to its end', () => {
    test.each(['NEWEST', 'NAME', 'PRICE_ASC', 'PRICE_DESC'])('sorted by %s has every product once', async (sort) => {
      expect(slugs(await readAll({ sort })).toSorted()).toEqual(slugs(many).toSorted());
    });

    test('comes in the order that was asked for', async () => {
      const prices = async (sort: string) => (await readAll({ sort })).map(({ priceRange }) => priceRange.min.amountMinor);
      expect(await prices('PRICE_ASC')).toEqual((await prices('PRICE_ASC')).toSorted((a, b) => a - b));
      expect(await prices('PRICE_DESC')).toEqual((await prices('PRICE_DESC')).toSorted((a, b) => b - a));
      const names = (await readAll({ sort: 'NAME' })).map(({ name }) => name.toLowerCase());
      expect(names).toEqual(names.toSorted());
      const created = new Map(many.map(({ slug, createdAt }) => [slug, createdAt.getTime()]));
      const ages = (await readAll({ sort: 'NEWEST' })).map(({ slug }) => created.get(slug) ?? 0);
      expect(ages).toEqual(ages.toSorted((a, b) => b - a));
    });

    test('misses nothing and repeats nothing when products arrive in the meantime', async () => {
      await using own = await catalogWith({ categories: [], products: many.slice(0, 10).map((p) => ({ ...p, categoryIds: [] })) });
      const first = await readPage({ sort: 'NEWEST', first: 5 }, anyone(own));
      await dataOf(
        staff(own)(`mutation { importProducts(products: [{ slug: "newer", name: "Newer", description: "", categoryPaths: [],
        variants: [{ sku: "N", name: "N", optionValues: [], price: { amountMinor: 1, currency: "EUR" }, weightGrams: 1 }] }]) { kind } }`),
      );
      const second = await readPage({ sort: 'NEWEST', first: 5, after: first.pageInfo.endCursor }, anyone(own));
      expect([...slugs(first.nodes), ...slugs(second.nodes)].toSorted()).toEqual(slugs(many.slice(0, 10)).toSorted());
    });
  });

  describe('filters', () => {
    const inCategories = (...ids: string[]) => many.filter(({ categoryIds }) => categoryIds.some((id) => ids.includes(id))).length;

    test('a category includes what lies below it', async () => {
      const count = async (categorySlug: string) => (await readPage({ filter: { categorySlug }, first: 1 })).totalCount;
      expect(await count('clothing')).toBe(inCategories(women.id, dresses.id));
      expect(await count('dresses')).toBe(inCategories(dresses.id));
      expect(await count('no-such-category')).toBe(0);
    });

    test('they narrow together, and the total counts all pages', async () => {
      const updatedAfter = minutes(3).toISOString();
      const expected = many.filter(
        (p) => p.brand === 'Calla' && p.categoryIds.includes(dresses.id) && p.createdAt.toISOString() > updatedAfter,
      );
      const filter = { brand: 'Calla', categorySlug: 'dresses', updatedAfter };
      const page = await readPage({ filter, first: 2 });
      expect(page.totalCount).toBe(expected.length);
      expect(slugs(await readAll({ filter })).toSorted()).toEqual(slugs(expected).toSorted());
    });

    test('staff may list drafts; to everybody else there are none', async () => {
      expect(slugs((await readPage({ filter: { status: 'DRAFT' } }, staff(shop))).nodes)).toEqual(['secret-draft']);
      expect(await readPage({ filter: { status: 'DRAFT' } })).toMatchObject({ totalCount: 0, nodes: [] });
      expect((await readPage({ first: 1 }, staff(shop))).totalCount).toBe(many.length + hidden.length);
      expect((await readPage({ first: 1 })).totalCount).toBe(many.length);
    });
  });

  describe('a page that cannot be', () => {
    test.each([
      ['a size of zero', { first: 0 }],
      ['a size above 100', { first: 101 }],
      ['a cursor that is none', { after: 'nonsense' }],
    ])('%s is refused', async (_, variables) => {
      const { errors } = await anyone(shop)(LIST, variables);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    });

    test('a cursor of another sort is refused', async () => {
      const { pageInfo } = await readPage({ sort: 'NAME', first: 1 });
      const { errors } = await anyone(shop)(LIST, { sort: 'PRICE_ASC', after: pageInfo.endCursor });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    });
  });

  describe('the tree', () => {
    test('shows parents, children and products of a whole branch', async () => {
      const data = await dataOf(
        anyone(shop)(`{ categories { slug children { slug parent { slug } children { slug children { slug } } } }
        category(slug: "clothing") { parent { slug } products(first: 3) { totalCount nodes { slug } pageInfo { hasNextPage } } } }`),
      );
      expect(data['categories']).toEqual([
        { slug: 'clothing', children: [{ slug: 'women', parent: { slug: 'clothing' }, children: [{ slug: 'dresses', children: [] }] }] },
        { slug: 'books', children: [] },
      ]);
      expect(data['category']).toMatchObject({
        parent: null,
        products: { totalCount: inCategory(women.id) + inCategory(dresses.id), pageInfo: { hasNextPage: true } },
      });
    });

    test('hides drafts in its branches too', async () => {
      const data = await dataOf(anyone(shop)(`{ category(slug: "books") { products(first: 100) { totalCount nodes { slug } } } }`));
      expect(data).toMatchObject({
        category: { products: { totalCount: inCategory(books.id), nodes: expect.not.arrayContaining([{ slug: 'secret-draft' }]) } },
      });
    });

    const inCategory = (id: string) => many.filter(({ categoryIds }) => categoryIds.includes(id)).length;
  });
}
