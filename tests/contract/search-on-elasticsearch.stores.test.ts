import { elasticsearchSpace } from '@shop/tests/kit/elasticsearch-space';
import { as, dataOf } from '@shop/tests/kit/subgraph';
import { storeUrl } from '@shop/tests/kit/stores';
import { openTcpLink, type TcpLink } from '@shop/tests/kit/tcp-link';
import { until } from '@shop/tests/kit/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productEvent, staff, startShop, stockEvent } from './search.kit.js';

describe('search on Elasticsearch', () => {
  let shop: Awaited<ReturnType<typeof startShop>>;
  let search: Awaited<ReturnType<typeof shop.search>>;
  let link: TcpLink;
  const space = elasticsearchSpace();
  const elasticsearchPrefix = space.prefix;
  // A busy machine's own slowness is not what is asked about.
  const searchTimeoutMs = 5_000;
  const suggest = async () => (await dataOf(as(search.subgraph)('{ searchSuggestions(prefix: "teap") { text } }')))['searchSuggestions'];

  beforeAll(async () => {
    link = await openTcpLink(storeUrl('elasticsearch'));
    shop = await startShop();
    search = await shop.search({}, { elasticsearchUrl: link.url, elasticsearchPrefix, searchTimeoutMs });
  });
  afterAll(async () => {
    await shop[Symbol.asyncDispose]();
    await link[Symbol.asyncDispose]();
    await space[Symbol.asyncDispose]();
  });

  it('has everything published after the start, with its stock', async () => {
    expect((await search.ask({ first: 1 })).totalCount).toBe(118);
    expect(await search.idsOf({ filter: { inStockOnly: true } })).toEqual(['teapot']);
    expect((await search.ask({ query: 'teapott' })).hits[0]?.highlightedName).toBe('Copper <mark>Teapot</mark> &lt;em&gt;');
  });

  it('follows products and stock, late and repeated events left out', async () => {
    await shop.bus.publish(productEvent('lamp-3', 5, { name: 'Reading Lantern' }));
    await shop.bus.publish(productEvent('lamp-3', 4, { status: 'ARCHIVED' }));
    await shop.bus.publish(stockEvent('lamp-5-1', 7, 3));
    await shop.bus.publish(stockEvent('lamp-5-1', 6, 0));
    await search.settle();
    expect(await search.idsOf({ query: 'lantern' })).toEqual(['lamp-3']);
    expect((await search.idsOf({ filter: { inStockOnly: true } })).toSorted()).toEqual(['lamp-5', 'teapot']);
    await shop.bus.publish(stockEvent('lamp-5-1', 8, 0));
    expect(await search.idsOf({ filter: { inStockOnly: true } })).toEqual(['teapot']);
  });

  it('serves a second process at once, from the same index', async () => {
    const second = await shop.search({}, { elasticsearchUrl: link.url, elasticsearchPrefix, searchTimeoutMs });
    expect(await second.idsOf({ query: 'lantern' })).toEqual(['lamp-3']);
    expect((await second.subgraph.server.app.inject('/health/ready')).statusCode).toBe(200);
  });

  it.each(['cut', 'hang'] as const)('says so when the engine is away (%s), suggests nothing, and is back with it', async (how) => {
    link[how]();
    expect(await search.refusal({ query: 'lamp' })).toEqual(['SERVICE_UNAVAILABLE']);
    expect(await suggest()).toEqual([]);
    link.mend();
    await until(async () => ((await search.refusal({ query: 'lamp' })) === undefined ? true : null), { what: 'search to be back' });
    expect(await suggest()).toContainEqual({ text: 'Copper Teapot <em>' });
  });

  it('makes good for events that were given up while the engine was away', async () => {
    link.cut();
    const mutation = `mutation { archiveProduct(id: "lamp-8", expectedVersion: 1) { __typename } }`;
    expect(await dataOf(as(shop.catalog, staff)(mutation))).toEqual({ archiveProduct: { __typename: 'ProductPayload' } });
    await shop.catalog.settle();
    link.mend();
    const isGone = async () => ((await search.idsOf({ query: 'desk lamp 8', first: 100 })).includes('lamp-8') ? null : true);
    await until(isGone, { what: 'the archived product to go' });
  });
});
