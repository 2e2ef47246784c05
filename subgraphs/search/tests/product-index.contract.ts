import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noFilter } from '../src/product-index.js';
import type { IndexedProduct, ProductFilter, ProductIndex, SearchPage, SearchRequest } from '../src/product-index.js';
import { relevanceCases } from './relevance-cases.js';
import { sampleCatalogue } from './sample-catalogue.js';

type MakeIndex = () => Promise<ProductIndex>;

/** What every product index promises; `makeIndex` opens an empty one. */
export function productIndexContract(name: string, makeIndex: MakeIndex): void {
  describe(`${name}: order of arrival`, () => arrivalCases(makeIndex));
  describe(`${name}: with a catalogue`, () => {
    let index: ProductIndex;
    beforeAll(async () => {
      index = await makeIndex();
      await fill(index, sampleCatalogue);
      for (const sku of ['SKU-tent', 'SKU-mug', 'SKU-lens']) await index.applyStock({ sku, inStock: true, version: 1 });
      await index.refresh();
    });
    afterAll(() => index[Symbol.asyncDispose]());
    describe('relevance', () => relevance(() => index));
    describe('filters and facets', () => filtersAndFacets(() => index));
    describe('pages', () => pages(() => index));
    describe('spelling, highlights and suggestions', () => language(() => index));
  });
}

function arrivalCases(makeIndex: MakeIndex): void {
  const lamp = product({ id: 'lamp', name: 'Desk Lamp', version: 5 });

  it('finds a product once it is stored, and counts it', async () => {
    await using index = await makeIndex();
    expect(await index.upsert(lamp)).toBe('applied');
    expect(await idsOf(index, { query: 'lamp' })).toEqual(['lamp']);
    expect(await index.count()).toBe(1);
  });

  it('finds the words of a description, but not its markup', async () => {
    await using index = await makeIndex();
    await index.upsert({
      ...lamp,
      description: '<p>Hand-made in <strong>Riga</strong></p><table><tr><td>Oak &amp; brass</td></tr></table>',
    });
    expect(await idsOf(index, { query: 'riga oak' })).toEqual(['lamp']);
    for (const query of ['strong', 'table', 'amp']) expect(await idsOf(index, { query })).toEqual([]);
  });

  it('replaces an older version everywhere', async () => {
    await using index = await makeIndex();
    await fill(index, [lamp, { ...lamp, name: 'Floor Light', brand: 'Lumo', version: 6 }]);
    expect(await idsOf(index, { query: 'desk' })).toEqual([]);
    expect(await idsOf(index, { query: 'floor' })).toEqual(['lamp']);
    expect(facet(await search(index, {}), 'brand')).toEqual([{ value: 'Lumo', label: 'Lumo', count: 1, selected: false }]);
    expect(await index.count()).toBe(1);
  });

  it('refuses a late and a repeated version', async () => {
    await using index = await makeIndex();
    await index.upsert(lamp);
    expect(await index.upsert({ ...lamp, name: 'Old Lamp', version: 4 })).toBe('stale');
    expect(await index.upsert({ ...lamp, name: 'Same Lamp' })).toBe('stale');
    expect(await idsOf(index, { query: 'desk lamp' })).toEqual(['lamp']);
  });

  it('keeps a removed product out when an older version comes late', async () => {
    await using index = await makeIndex();
    await index.upsert(lamp);
    expect(await index.remove('lamp', 7)).toBe('applied');
    expect(await index.upsert({ ...lamp, version: 6 })).toBe('stale');
    expect(await idsOf(index, { query: 'lamp' })).toEqual([]);
    expect(await index.upsert({ ...lamp, version: 8 })).toBe('applied');
    expect(await idsOf(index, { query: 'lamp' })).toEqual(['lamp']);
  });

  it('remembers a removal that comes before the product, and refuses one that is late', async () => {
    await using index = await makeIndex();
    expect(await index.remove('lamp', 9)).toBe('applied');
    expect(await index.upsert(lamp)).toBe('stale');
    await index.upsert({ ...lamp, version: 10 });
    expect(await index.remove('lamp', 9)).toBe('stale');
    expect(await idsOf(index, {})).toEqual(['lamp']);
  });

  it('finds only what is published, from the version on that says so', async () => {
    await using index = await makeIndex();
    await index.upsert({ ...lamp, status: 'DRAFT' });
    expect(await idsOf(index, {})).toEqual([]);
    await index.upsert({ ...lamp, version: 6 });
    expect(await idsOf(index, {})).toEqual(['lamp']);
    await index.upsert({ ...lamp, status: 'ARCHIVED', version: 7 });
    expect(await idsOf(index, { query: 'lamp' })).toEqual([]);
    expect(await index.suggest('la', 8)).toEqual([]);
    expect(await index.count()).toBe(0);
  });

  it('remembers the stock of a SKU before its product is known, and over the product’s versions', async () => {
    await using index = await makeIndex();
    expect(await index.applyStock({ sku: 'lamp-1', inStock: true, version: 3 })).toBe('applied');
    await fill(index, [lamp, { ...lamp, version: 6 }]);
    expect(await idsOf(index, { filter: { inStockOnly: true } })).toEqual(['lamp']);
  });

  it('lets the newest stock win, whatever comes last', async () => {
    await using index = await makeIndex();
    await index.upsert(lamp);
    expect(await index.applyStock({ sku: 'lamp-1', inStock: false, version: 5 })).toBe('applied');
    expect(await index.applyStock({ sku: 'lamp-1', inStock: true, version: 4 })).toBe('stale');
    expect(await idsOf(index, { filter: { inStockOnly: true } })).toEqual([]);
    await index.applyStock({ sku: 'lamp-1', inStock: true, version: 6 });
    expect(await idsOf(index, { filter: { inStockOnly: true } })).toEqual(['lamp']);
  });
}

function relevance(index: () => ProductIndex): void {
  it.each(relevanceCases)('"$query"', async ({ query, first, among = [], without = [] }) => {
    const ids = await idsOf(index(), { query });
    expect(ids.slice(0, first.length)).toEqual(first);
    expect(ids).toEqual(expect.arrayContaining([...among]));
    expect(ids.filter((id) => without.includes(id))).toEqual([]);
  });

  it('puts a match in the name before one in the description', async () => {
    const ids = await idsOf(index(), { query: 'rain' });
    expect(ids).toEqual(['jacket-rain', 'backpack']);
  });

  it.each(['constructor', '__proto__ toString', 'x'.repeat(5_000), 'lamp '.repeat(2_000), '<b> AND NOT (*:*) "', '\u0000'])(
    'survives any text',
    async (query) => {
      expect((await search(index(), { query })).kind).toBe('page');
      expect(await index().suggest(query, 8)).toBeInstanceOf(Array);
    },
  );

  it('browses newest first without words', async () => {
    expect((await idsOf(index(), { query: '  ' })).slice(0, 3)).toEqual(['headlamp', 'backpack', 'bottle']);
    expect(await idsOf(index(), { query: '?!' })).toHaveLength(sampleCatalogue.length);
  });
}

function filtersAndFacets(index: () => ProductIndex): void {
  const euro = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

  it('finds products of a category and of those below it', async () => {
    const page = await search(index(), { filter: { categorySlug: 'shoes' } });
    expect(page.totalCount).toBe(10);
    expect(facet(page, 'category')).toContainEqual({ value: 'shoes', label: 'Shoes', count: 10, selected: true });
    expect(facet(page, 'category')).toContainEqual({ value: 'kitchen', label: 'Kitchen', count: 9, selected: false });
  });

  it('takes brands as alternatives, in any case', async () => {
    const ids = await idsOf(index(), { filter: { brands: ['acelo', 'BUBBLE'] } });
    expect(ids.toSorted()).toEqual(['phones-kids', 'shoe-sneaker', 'shoe-tennis']);
  });

  it('takes values of one name as alternatives and names together', async () => {
    const attributes = [
      { name: 'colour', values: ['red', 'white'] },
      { name: 'SIZE', values: ['41'] },
    ];
    expect((await idsOf(index(), { filter: { attributes } })).toSorted()).toEqual(['shoe-road', 'shoe-sneaker', 'shoe-tennis']);
    expect(await idsOf(index(), { filter: { attributes: [{ name: 'made IN', values: ['germany'] }], brands: ['Röstwerk'] } })).toEqual([
      'beans',
    ]);
  });

  it('finds nothing for a name or value that no product has', async () => {
    expect(await idsOf(index(), { filter: { attributes: [{ name: 'Flavour', values: ['Mint'] }] } })).toEqual([]);
    expect(await idsOf(index(), { filter: { categorySlug: 'no-such' } })).toEqual([]);
  });

  it('includes both ends of a price range and leaves other currencies out', async () => {
    const between = { priceMin: euro(1200), priceMax: euro(1500) };
    expect((await idsOf(index(), { filter: between })).toSorted()).toEqual(['beans', 'cable-usb', 'mug']);
    expect(await idsOf(index(), { filter: { priceMin: { amountMinor: 0, currency: 'USD' } } })).toEqual([]);
    expect(await idsOf(index(), { filter: { priceMin: euro(0), priceMax: { amountMinor: 9_999_999, currency: 'USD' } } })).toEqual([]);
  });

  it('finds only what is in stock', async () => {
    expect((await idsOf(index(), { filter: { inStockOnly: true } })).toSorted()).toEqual(['lens', 'mug', 'tent']);
  });

  it('names the facets in a fixed order', async () => {
    const { facets } = await search(index(), {});
    expect(facets.map(({ name }) => name)).toEqual(['category', 'brand', 'price', 'Colour', 'Size', 'Made in']);
  });

  it('counts a facet without its own filter and with all others', async () => {
    const page = await search(index(), { query: 'shoe', filter: { brands: ['Acelo'], attributes: [{ name: 'Colour', values: ['Red'] }] } });
    expect(page.totalCount).toBe(1);
    expect(facet(page, 'brand')).toEqual([
      { value: 'Acelo', label: 'Acelo', count: 1, selected: true },
      { value: 'Swiftly', label: 'Swiftly', count: 1, selected: false },
    ]);
    expect(facet(page, 'Colour')).toEqual([
      { value: 'White', label: 'White', count: 2, selected: false },
      { value: 'Red', label: 'Red', count: 1, selected: true },
    ]);
  });

  it('shows a chosen value even when nothing is left of it', async () => {
    const page = await search(index(), { query: 'knife', filter: { brands: ['Sonorix'] } });
    expect(page.totalCount).toBe(0);
    expect(facet(page, 'brand')).toContainEqual({ value: 'Sonorix', label: 'Sonorix', count: 0, selected: true });
  });

  it('says of every facet bucket what choosing it would find', async () => {
    const { facets } = await search(index(), {});
    for (const { name, buckets } of facets) {
      for (const bucket of buckets) {
        const page = await search(index(), { filter: filterOf(name, bucket.value) });
        expect([name, bucket.value, page.totalCount]).toEqual([name, bucket.value, bucket.count]);
        expect(facet(page, name)).toContainEqual({ ...bucket, selected: true });
      }
    }
  });
}

function pages(index: () => ProductIndex): void {
  it.each(['RELEVANCE', 'PRICE_ASC', 'PRICE_DESC', 'NEWEST'] as const)('walks through every hit once by %s', async (sort) => {
    const query = 'black';
    const whole = await idsOf(index(), { query, sort });
    const walked: string[] = [];
    let page = await search(index(), { query, sort, first: 7 });
    for (; page.pageInfo.hasNextPage; page = await search(index(), { query, sort, first: 7, after: page.pageInfo.endCursor })) {
      expect(page.pageInfo.hasPreviousPage).toBe(walked.length > 0);
      walked.push(...page.hits.map(({ productId }) => productId));
    }
    walked.push(...page.hits.map(({ productId }) => productId));
    expect(walked).toEqual(whole);
    expect(whole.length).toBeGreaterThan(14);
  });

  it('sorts by price both ways, equal ones by id', async () => {
    const filter = { brands: ['Kiteware', 'Optar'] };
    const up = ['cable-usb', 'mouse', 'keyboard', 'tripod', 'router', 'monitor', 'lens', 'laptop-13', 'camera', 'laptop-16'];
    expect(await idsOf(index(), { filter, sort: 'PRICE_ASC' })).toEqual(up);
    expect(await idsOf(index(), { filter, sort: 'PRICE_DESC' })).toEqual(up.toReversed());
    expect(await idsOf(index(), { query: 'speaker', filter: { brands: ['Sonorix'] }, sort: 'PRICE_ASC' })).toEqual(['speaker']);
    expect(
      await idsOf(index(), {
        filter: { priceMin: { amountMinor: 1900, currency: 'EUR' }, priceMax: { amountMinor: 1900, currency: 'EUR' } },
        sort: 'PRICE_ASC',
      }),
    ).toEqual(['mouse-pad', 'tee-classic']);
  });

  it.each(['', '!', 'bm9uc2Vuc2U', Buffer.from('{"query":1}').toString('base64url')])('refuses the cursor "%s"', async (after) => {
    expect(await index().search(request({ after }))).toEqual({ kind: 'invalid-cursor' });
  });

  it('refuses a cursor of another query, filter or sort', async () => {
    const after = (await search(index(), { query: 'black', first: 2 })).pageInfo.endCursor;
    const others: Partial<SearchRequest>[] = [
      { query: 'blue' },
      { query: 'black', sort: 'NEWEST' },
      { query: 'black', filter: { ...noFilter, inStockOnly: true } },
    ];
    for (const other of others) expect(await index().search(request({ ...other, after }))).toEqual({ kind: 'invalid-cursor' });
  });

  it('gives at most a hundred hits, and none when none is asked for', async () => {
    expect((await search(index(), { first: 5000 })).hits).toHaveLength(sampleCatalogue.length);
    const none = await search(index(), { first: 0 });
    expect([none.hits.length, none.totalCount, none.pageInfo.hasNextPage]).toEqual([0, sampleCatalogue.length, true]);
  });
}

function language(index: () => ProductIndex): void {
  it('offers a better spelling when the words found little', async () => {
    expect((await search(index(), { query: 'hedphones' })).didYouMean).toBe('headphones');
    expect((await search(index(), { query: 'runing shoe' })).didYouMean).toBe('running shoe');
    expect((await search(index(), { query: 'cofee grinder' })).didYouMean).toBe('coffee grinder');
  });

  it('offers none when the words are good, begun, or beyond help', async () => {
    for (const query of ['headphones', 'espresso machine', 'headpho', 'zzyzxqq', '', 'SKU-tent']) {
      expect([query, (await search(index(), { query })).didYouMean]).toEqual([query, null]);
    }
  });

  it('marks the words that matched, also those of a typo or a beginning', async () => {
    expect(await highlights(index(), 'hiking boot')).toContain('<mark>Hiking</mark> <mark>Boot</mark>');
    expect(await highlights(index(), 'espreso machin')).toEqual(['<mark>Espresso</mark> <mark>Machine</mark>']);
    expect(await highlights(index(), 'tshirt')).toContain('Classic <mark>T-Shirt</mark>');
    expect(await highlights(index(), 'cafe')).toContain('<mark>Café</mark> Crème Coffee Beans');
  });

  it('escapes a name whatever it contains', async () => {
    expect(await highlights(index(), '4k')).toEqual(['27&quot; <mark>4K</mark> Monitor']);
    expect((await search(index(), { filter: { brands: ['Kiteware'] } })).hits.map(({ highlightedName }) => highlightedName)).toContain(
      '27&quot; 4K Monitor',
    );
  });

  it('suggests queries, categories, brands and products by what is typed', async () => {
    expect(await index().suggest('shoe', 3)).toEqual([
      { kind: 'QUERY', text: 'shoe' },
      { kind: 'CATEGORY', text: 'Shoes' },
      { kind: 'PRODUCT', text: expect.stringContaining('Shoe'), productId: expect.stringContaining('shoe-') },
    ]);
    expect(await index().suggest('schar', 8)).toContainEqual({ kind: 'BRAND', text: 'Schärfer & Söhne' });
    expect(await index().suggest('cafe cr', 8)).toContainEqual({ kind: 'QUERY', text: 'cafe crème' });
    expect(await index().suggest('hiking b', 8)).toEqual(
      expect.arrayContaining([
        { kind: 'QUERY', text: 'hiking boot' },
        { kind: 'PRODUCT', text: 'Hiking Boot', productId: 'boot-hiking' },
      ]),
    );
  });

  it('suggests each thing once, no more than asked for, and nothing for nothing', async () => {
    const many = await index().suggest('s', 500);
    expect(many.length).toBeLessThanOrEqual(20);
    expect(new Set(many.map((suggestion) => JSON.stringify(suggestion))).size).toBe(many.length);
    expect(await index().suggest('s', 500)).toEqual(many);
    expect(await index().suggest('s', 2)).toHaveLength(2);
    expect(await index().suggest(' ', 8)).toEqual([]);
    expect(await index().suggest('s', 0)).toEqual([]);
  });
}

interface PartialRequest extends Partial<Omit<SearchRequest, 'filter'>> {
  filter?: Partial<ProductFilter>;
}

function request({ filter, ...rest }: PartialRequest): SearchRequest {
  return { query: '', sort: 'RELEVANCE', first: 100, after: null, ...rest, filter: { ...noFilter, ...filter } };
}

async function search(index: ProductIndex, partial: PartialRequest): Promise<SearchPage> {
  await index.refresh();
  const answer = await index.search(request(partial));
  if (answer.kind !== 'page') throw new Error(`expected a page, got ${answer.kind}`);
  return answer;
}

async function idsOf(index: ProductIndex, partial: PartialRequest): Promise<string[]> {
  return (await search(index, partial)).hits.map(({ productId }) => productId);
}

async function highlights(index: ProductIndex, query: string): Promise<string[]> {
  return (await search(index, { query })).hits.map(({ highlightedName }) => highlightedName);
}

async function fill(index: ProductIndex, products: readonly IndexedProduct[]): Promise<void> {
  for (const item of products) await index.upsert(item);
}

function facet(page: SearchPage, name: string): SearchPage['facets'][number]['buckets'] {
  return page.facets.find((candidate) => candidate.name === name)?.buckets ?? [];
}

function filterOf(facetName: string, value: string): Partial<ProductFilter> {
  const price = (amount: string | undefined) =>
    amount === undefined || amount === '' ? null : { amountMinor: Number(amount), currency: 'EUR' };
  const [from, to] = value.split('-');
  if (facetName === 'category') return { categorySlug: value };
  if (facetName === 'brand') return { brands: [value] };
  if (facetName === 'price') return { priceMin: price(from), priceMax: price(to) };
  return { attributes: [{ name: facetName, values: [value] }] };
}

function product(given: { id: string; name: string; version: number }): IndexedProduct {
  const price = { amountMinor: 4900, currency: 'EUR' };
  const at = new Date(Date.UTC(2025, 5, 1));
  const empty = { slug: given.id, description: '', brand: null, categories: [], attributes: [], options: [] };
  return { ...empty, ...given, variants: [{ sku: `${given.id}-1`, price }], status: 'PUBLISHED', createdAt: at, updatedAt: at };
}
