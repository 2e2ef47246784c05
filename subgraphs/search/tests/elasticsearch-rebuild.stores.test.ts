import { Client } from '@elastic/elasticsearch';
import { elasticsearchSpace } from '@shop/tests/kit/elasticsearch-space';
import { storeUrl } from '@shop/tests/kit/stores';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openElasticsearchIndex } from '../src/elasticsearch/elasticsearch-index.js';
import { noFilter, type IndexedProduct, type IndexFilling, type ProductIndex } from '../src/product-index.js';
import { sampleCatalogue } from './sample-catalogue.js';

const url = storeUrl('elasticsearch');
const client = new Client({ node: url });
afterAll(() => client.close());

/** As if the index had been made by another definition. */
async function outdate(prefix: string): Promise<void> {
  await client.indices.putMapping({ index: `${prefix}-products`, _meta: { definition: 'of before', complete: true } });
}

const liveName = async (prefix: string) => Object.keys(await client.indices.getAlias({ name: `${prefix}-products` }));
const documents = async (prefix: string) => {
  await client.indices.refresh({ index: `${prefix}-products` });
  const { hits } = await client.search({ index: `${prefix}-products`, size: 1_000, sort: [{ id: 'asc' }] });
  return hits.hits.map(({ _source }) => _source);
};
const all = (index: ProductIndex, query = '', inStockOnly = false) =>
  index
    .search({ query, filter: { ...noFilter, inStockOnly }, sort: 'NEWEST', first: 100, after: null })
    .then((page) => (page.kind === 'page' ? page.hits.map(({ productId }) => productId) : []));
const sample = (id: string, changes: Partial<IndexedProduct>): IndexedProduct => {
  const found = sampleCatalogue.find((product) => product.id === id);
  if (!found) throw new Error(id);
  return { ...found, ...changes };
};

describe('an index that was made by another definition', () => {
  let prefix: string;
  let index: ProductIndex;
  beforeEach(async () => {
    const space = elasticsearchSpace();
    ({ prefix } = space);
    index = openElasticsearchIndex({ url, prefix, searchTimeoutMs: 20_000, writeTimeoutMs: 30_000 });
    await index.fill(async (into) => void (await into.upsertAll(sampleCatalogue)));
    await index.applyStock({ sku: 'SKU-tent', inStock: true, version: 1 });
    await outdate(prefix);
    return async () => {
      await index[Symbol.asyncDispose]();
      await space[Symbol.asyncDispose]();
    };
  });

  it('is replaced by a new one that holds the same', async () => {
    const before = await documents(prefix);
    await index.fill(async (into) => void (await into.upsertAll(sampleCatalogue)));
    expect(await liveName(prefix)).toEqual([`${prefix}-products-2`]);
    expect(await documents(prefix)).toEqual(before);
    expect(await all(index, '', true)).toEqual(['tent']);
    expect(await client.indices.exists({ index: `${prefix}-products-1` })).toBe(false);
  });

  it('answers and takes changes meanwhile, and none of them is lost or undone', async () => {
    const rebuilt = index.fill(async (into: IndexFilling) => {
      await into.upsertAll(sampleCatalogue.slice(0, 30));
      await index.upsert(sample('mug', { name: 'Tin Cup', version: 3 }));
      await index.upsert(sample('tee-logo', { name: 'Plain Tee', version: 2 }));
      await index.remove('kettle', 9);
      await index.applyStock({ sku: 'SKU-lens', inStock: true, version: 1 });
      await index.applyStock({ sku: 'SKU-tent', inStock: false, version: 2 });
      await index.refresh();
      expect(await all(index, 'tin cup')).toEqual(['mug']);
      // What the catalog says last may be older than what the events have told.
      await into.upsertAll(sampleCatalogue.slice(30));
    });
    await rebuilt;
    expect(await all(index, 'tin cup')).toEqual(['mug']);
    expect(await all(index, 'plain tee')).toEqual(['tee-logo']);
    expect(await all(index, 'kettle')).toEqual([]);
    expect(await index.upsert(sample('kettle', { version: 8 }))).toBe('stale');
    expect(await all(index, '', true)).toEqual(['lens']);
    expect(await all(index)).toHaveLength(sampleCatalogue.length - 1);
  });

  it('takes in a stream of changes without a gap while it is replaced', async () => {
    let version = 1;
    let isDone = false;
    const writer = async () => {
      while (!isDone) await index.upsert(sample('mug', { name: `Cup ${version + 1}`, version: ++version }));
    };
    const writing = writer();
    for (let round = 0; round < 3; round++) {
      await outdate(prefix);
      await index.fill(async (into) => void (await into.upsertAll(sampleCatalogue)));
    }
    isDone = true;
    await writing;
    await index.refresh();
    expect(await all(index, `cup ${version}`)).toEqual(['mug']);
    expect(await all(index)).toHaveLength(sampleCatalogue.length);
  });

  it('stays as it was when the copying fails, and takes changes again', async () => {
    await expect(index.fill(() => Promise.reject(new Error('the catalog is away')))).rejects.toThrow('the catalog is away');
    expect(await liveName(prefix)).toEqual([`${prefix}-products-1`]);
    expect(await index.upsert(sample('mug', { version: 2 }))).toBe('applied');
    await index.fill(async (into) => void (await into.upsertAll(sampleCatalogue)));
    expect(await liveName(prefix)).toEqual([`${prefix}-products-2`]);
  });

  it('is replaced by one process while another waits its turn', async () => {
    const other = openElasticsearchIndex({ url, prefix, searchTimeoutMs: 20_000, writeTimeoutMs: 30_000 });
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const first = index.fill(async (into) => {
      begun.resolve();
      await goOn.promise;
      await into.upsertAll(sampleCatalogue);
    });
    await begun.promise;
    await expect(other.fill(async () => undefined)).rejects.toThrow('is being built');
    goOn.resolve();
    await first;
    expect(await other.isFilled()).toBe(true);
    await other.fill(() => Promise.reject(new Error('copied a moment ago')));
    await other[Symbol.asyncDispose]();
  });
});

describe('many writers of one product', () => {
  it('leave its newest version and the newest stock of its SKUs', async () => {
    await using space = elasticsearchSpace();
    const { prefix } = space;
    await using one = openElasticsearchIndex({ url, prefix, searchTimeoutMs: 20_000, writeTimeoutMs: 30_000 });
    await using two = openElasticsearchIndex({ url, prefix, searchTimeoutMs: 20_000, writeTimeoutMs: 30_000 });
    const both = [one, two];
    const skus = ['a', 'b', 'c'].map((sku) => ({ sku, price: { amountMinor: 1, currency: 'EUR' } }));
    for (let round = 1; round <= 8; round++) {
      const isLastIn = round % 2 === 0;
      await Promise.all(
        both.flatMap((index, at) => [
          index.upsert(sample('tent', { variants: skus, version: round * 2 + at })),
          ...skus.map(({ sku }, place) => index.applyStock({ sku, inStock: isLastIn && place === 1, version: round * 10 + at })),
        ]),
      );
      await one.refresh();
      expect([round, await all(one, '', true)]).toEqual([round, isLastIn ? ['tent'] : []]);
    }
  });
});
