import { newId } from '@shop/platform/ids';
import { as, dataOf } from '@shop/tests/kit/subgraph';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cut, productEvent, staff, startShop, stockEvent, type Found } from './search.kit.js';

const lampIds = Array.from({ length: 117 }, (_, place) => `lamp-${place + 1}`);

describe('what is found', () => {
  let shop: Awaited<ReturnType<typeof startShop>>;
  let search: Awaited<ReturnType<typeof shop.search>>;
  beforeAll(async () => {
    shop = await startShop();
    search = await shop.search();
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  test('everything published is there after the start, over all pages of the catalog and the inventory', async () => {
    const all = await search.ask({ first: 1 });
    expect(all.totalCount).toBe(118);
    expect(await search.idsOf({ query: 'secret' })).not.toContain('secret');
    expect(await search.idsOf({ query: 'relic' })).toEqual([]);
    expect(await search.idsOf({ filter: { inStockOnly: true } })).toEqual(['teapot']);
    expect((await search.ask({ filter: { categorySlug: 'home' } })).totalCount).toBe(118);
    expect((await search.subgraph.server.app.inject('/health/ready')).statusCode).toBe(200);
  });

  test('a hit names its product by the key, with the match marked and the rest escaped', async () => {
    const { hits, tookMs } = await search.ask({ query: 'teapott' });
    expect(hits).toEqual([
      {
        product: { __typename: 'Product', id: 'teapot' },
        score: expect.any(Number),
        highlightedName: 'Copper <mark>Teapot</mark> &lt;em&gt;',
      },
    ]);
    expect(hits[0]?.score).toBeGreaterThan(0);
    expect(tookMs).toBeGreaterThanOrEqual(0);
    const ids = hits.map((hit) => ({ __typename: 'Product', id: hit.product?.id }));
    const entities = `query ($ids: [_Any!]!) { _entities(representations: $ids) { ... on Product { slug } } }`;
    expect(await dataOf(as(shop.catalog)(entities, { ids }))).toEqual({ _entities: [{ slug: 'teapot' }] });
  });

  test('filters, facets and sorting go together', async () => {
    const { totalCount, facets } = await search.ask({ filter: { categorySlug: 'lamps', brands: ['Noctis'] } });
    expect(totalCount).toBe(39);
    expect(facets.find(({ name }) => name === 'brand')?.buckets).toEqual([
      { value: 'Lumen', label: 'Lumen', count: 78, selected: false },
      { value: 'Noctis', label: 'Noctis', count: 39, selected: true },
    ]);
    expect(await search.idsOf({ sort: 'PRICE_DESC', first: 1 })).toEqual(['teapot']);
    const euros = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
    expect(await search.idsOf({ filter: { priceMin: euros(4_000), priceMax: euros(5_000) } })).toEqual(['teapot']);
    expect(await search.idsOf({ filter: { attributes: [{ name: 'material', values: ['Wood'] }] } })).toEqual([]);
  });

  test('pages follow one another without a gap or a double', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Found = await search.ask({ query: 'lamp', first: 25, after });
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...page.hits.map((hit) => hit.product?.id ?? ''));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toHaveLength(117);
    expect(new Set(seen)).toEqual(new Set(lampIds));
  });

  test('suggestions are of four kinds, and one of a product names it', async () => {
    const suggest = async (prefix: string, limit?: number) =>
      (
        await dataOf(
          as(search.subgraph)(
            `query ($prefix: String!, $limit: Int) { searchSuggestions(prefix: $prefix, limit: $limit) { text kind product { id } } }`,
            {
              prefix,
              limit,
            },
          ),
        )
      )['searchSuggestions'];
    expect(await suggest('teap')).toContainEqual({ text: 'Copper Teapot <em>', kind: 'PRODUCT', product: { id: 'teapot' } });
    expect(await suggest('kit')).toContainEqual({ text: 'KITCHEN', kind: 'CATEGORY', product: null });
    expect(await suggest('noc')).toContainEqual({ text: 'Noctis', kind: 'BRAND', product: null });
    expect(await suggest('lam', 3)).toHaveLength(3);
  });

  test('what cannot be asked is refused as bad input', async () => {
    const bad = ['BAD_USER_INPUT'];
    expect(await search.refusal({ first: 0 })).toEqual(bad);
    expect(await search.refusal({ first: 101 })).toEqual(bad);
    expect(await search.refusal({ after: 'nonsense' })).toEqual(bad);
    const { pageInfo } = await search.ask({ query: 'lamp', first: 2 });
    expect(await search.refusal({ query: 'teapot', after: pageInfo.endCursor })).toEqual(bad);
    const filter = { priceMin: { amountMinor: 1, currency: 'EUR' }, priceMax: { amountMinor: 2, currency: 'USD' } };
    expect(await search.refusal({ filter })).toEqual(bad);
    expect(await search.refusal({ query: 'x'.repeat(201) })).toEqual(bad);
    const suggestions = await as(search.subgraph)(`{ searchSuggestions(prefix: "a", limit: 21) { text } }`);
    expect(suggestions.errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  });
});

describe('what changes', () => {
  test('a new price is found once the event was sent', async () => {
    await using shop = await startShop();
    const search = await shop.search();
    await dataOf(
      as(shop.catalog, staff)(
        `mutation ($input: SetPricesInput!) { setPrices(input: $input) { __typename ... on ProductPayload { product { version } } } }`,
        {
          input: {
            productId: 'lamp-7',
            expectedVersion: 1,
            prices: [{ sku: 'lamp-7-1', price: { amountMinor: 99_900, currency: 'EUR' } }],
          },
        },
      ),
    );
    await search.settle();
    expect(await search.idsOf({ filter: { priceMin: { amountMinor: 99_900, currency: 'EUR' } } })).toEqual(['lamp-7']);
  });

  test('an archived product disappears, a published draft appears', async () => {
    await using shop = await startShop();
    const search = await shop.search();
    const become = (mutation: string, id: string) =>
      dataOf(as(shop.catalog, staff)(`mutation { ${mutation}(id: "${id}", expectedVersion: 1) { __typename } }`));
    expect(await become('archiveProduct', 'teapot')).toEqual({ archiveProduct: { __typename: 'ProductPayload' } });
    expect(await become('publishProduct', 'secret')).toEqual({ publishProduct: { __typename: 'ProductPayload' } });
    await search.settle();
    expect(await search.idsOf({ query: 'teapot' })).toEqual([]);
    expect(await search.idsOf({ query: 'secret' })).toContain('secret');
  });

  test('stock that comes and goes decides what is found in stock', async () => {
    await using shop = await startShop();
    const search = await shop.search();
    const adjust = async (sku: string, delta: number) => {
      const input = { sku, warehouseCode: 'BER', delta, reason: 'count', idempotencyKey: newId() };
      await dataOf(
        as(shop.inventory, staff)(`mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { __typename } }`, { input }),
      );
      await search.settle();
    };
    await adjust('lamp-1-1', 2);
    expect(new Set(await search.idsOf({ filter: { inStockOnly: true } }))).toEqual(new Set(['lamp-1', 'teapot']));
    await adjust('teapot-2', -4);
    expect(await search.idsOf({ filter: { inStockOnly: true } })).toEqual(['lamp-1']);
  });

  test('a late event and a repeated one change nothing', async () => {
    await using shop = await startShop();
    const search = await shop.search();
    const newer = productEvent('lamp-3', 5, { name: 'Reading Lantern' });
    await shop.bus.publish(newer);
    await shop.bus.publish(productEvent('lamp-3', 4, { status: 'ARCHIVED' }));
    await shop.bus.publish(newer);
    await shop.bus.publish(stockEvent('teapot-2', 1, 0));
    await search.settle();
    expect(await search.idsOf({ query: 'lantern' })).toEqual(['lamp-3']);
    expect(await search.idsOf({ filter: { inStockOnly: true } })).toEqual(['teapot']);
  });

  test('an event that breaks its contract is put aside, and the next one is applied', async () => {
    await using shop = await startShop();
    const search = await shop.search();
    await shop.bus.publish({ ...productEvent('lamp-3', 2), data: { productId: 'lamp-3' } });
    await shop.bus.publish(productEvent('lamp-3', 3, { name: 'Reading Lantern' }));
    expect(await search.idsOf({ query: 'lantern' })).toEqual(['lamp-3']);
  });

  test('while catalog is away nothing is answered; once it is back all is there, and newer events have won', async () => {
    await using shop = await startShop();
    const catalog = cut(shop.transports.catalog);
    const search = await shop.search({ catalog });
    expect((await search.subgraph.server.app.inject('/health/ready')).statusCode).toBe(503);
    expect(await search.refusal({ query: 'lamp' })).toEqual(['SERVICE_UNAVAILABLE']);
    await shop.bus.publish(productEvent('lamp-3', 2, { name: 'Reading Lantern' }));
    await shop.bus.publish(productEvent('lamp-4', 2, { status: 'ARCHIVED' }));
    catalog.mend();
    const isReady = async () => expect((await search.subgraph.server.app.inject('/health/ready')).statusCode).toBe(200);
    await vi.waitFor(isReady, { timeout: 60_000, interval: 10 });
    expect(await search.idsOf({ query: 'lantern' })).toEqual(['lamp-3']);
    expect((await search.ask({ first: 1 })).totalCount).toBe(117);
  });

  test('an index that was rebuilt is the same as one that followed the events', async () => {
    await using shop = await startShop();
    const followed = await shop.search();
    const update = `mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { __typename } }`;
    const input = { id: 'lamp-9', expectedVersion: 1, name: 'Floor Lamp', brand: 'Noctis', categorySlugs: ['kitchen'] };
    expect(await dataOf(as(shop.catalog, staff)(update, { input }))).toEqual({ updateProduct: { __typename: 'ProductPayload' } });
    await followed.settle();
    const rebuilt = await shop.search();
    for (const variables of [
      { first: 100 },
      { query: 'floor' },
      { filter: { categorySlug: 'kitchen' } },
      { sort: 'PRICE_ASC', first: 100 },
    ]) {
      const [one, other] = await Promise.all([followed.ask(variables), rebuilt.ask(variables)]);
      expect({ ...one, tookMs: 0 }).toEqual({ ...other, tookMs: 0 });
    }
  });
});
