import { on, once } from 'node:events';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, operationsIn, startPartnerShop, type PartnerShop } from './partners.kit.js';

const unregistered = '{ categories { slug } }';

let partners: PartnerShop;
let marketplace: Awaited<ReturnType<typeof operationsIn>>;
let storefront: Awaited<ReturnType<typeof operationsIn>>;
let keys: Record<'OFF' | 'LOG_UNKNOWN' | 'SAFELIST' | 'ID_ONLY', string>;
beforeAll(async () => {
  [partners, marketplace, storefront] = await Promise.all([
    startPartnerShop(),
    operationsIn('partners/marketplace'),
    operationsIn('clients/storefront'),
  ]);
  const key = async (mode: string) => (await partners.issue({ mode })).apiKey;
  keys = { OFF: await key('OFF'), LOG_UNKNOWN: await key('LOG_UNKNOWN'), SAFELIST: await key('SAFELIST'), ID_ONLY: await key('ID_ONLY') };
});
afterAll(() => partners[Symbol.asyncDispose]());

describe('a partner over HTTP', () => {
  it('is known by its key alone, as a bearer or as X-Api-Key, and by nothing that it says of itself', async () => {
    const { id } = marketplace('MarketplaceProducts');
    const asked = { documentId: id };
    for (const headers of [bearer(keys.ID_ONLY), { 'x-api-key': keys.ID_ONLY }, { ...bearer(keys.ID_ONLY), 'x-api-key': keys.ID_ONLY }])
      expect(await partners.post(asked, headers)).toMatchObject({ status: 200, data: { products: { nodes: expect.any(Array) } } });
    const wrong = keys.ID_ONLY.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'));
    for (const headers of [
      bearer(wrong),
      { 'x-api-key': wrong },
      { 'x-api-key': 'shop_x' },
      { ...bearer(keys.OFF), 'x-api-key': keys.ID_ONLY },
    ])
      expect(await partners.post(asked, headers)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    const client = { 'apollographql-client-name': 'marketplace', 'x-client-id': 'marketplace', 'x-partner': 'marketplace' };
    expect(await partners.post(asked, client)).toMatchObject({ status: 400, code: 'PERSISTED_QUERY_NOT_FOUND' });
  });

  it('runs a registered operation by its id in every form, with its variables', async () => {
    const { id, body } = marketplace('MarketplaceProduct');
    const slug = await someSlug();
    const headers = bearer(keys.ID_ONLY);
    const persistedQuery = { version: 1, sha256Hash: id };
    for (const form of [
      { documentId: id },
      { documentId: `sha256:${id}` },
      { extensions: { persistedQuery } },
      { query: body, documentId: id },
      { query: body, extensions: { persistedQuery } },
    ])
      expect(await partners.post({ ...form, variables: { slug } }, headers)).toMatchObject({ status: 200, data: { product: { slug } } });
    const variables = encodeURIComponent(JSON.stringify({ slug }));
    const preflight = { 'apollo-require-preflight': 'yes' };
    for (const [path, further] of [
      [`/graphql/d/${id}?variables=${variables}`, {}],
      [`/graphql?documentId=${id}&variables=${variables}`, preflight],
      [`/graphql?variables=${variables}&extensions=${encodeURIComponent(JSON.stringify({ persistedQuery }))}`, preflight],
    ] as const)
      expect(await partners.get(path, { ...headers, ...further })).toMatchObject({ status: 200, data: { product: { slug } } });
  });

  it.each([
    ['OFF', 200, 200, undefined],
    ['LOG_UNKNOWN', 200, 200, undefined],
    ['SAFELIST', 200, 400, 'QUERY_NOT_IN_SAFELIST'],
    ['ID_ONLY', 400, 400, 'PERSISTED_QUERY_ID_REQUIRED'],
  ] as const)('in mode %s: a registered text %i, any other %i %s', async (mode, registered, other, code) => {
    const text = `# laid out otherwise\n${marketplace('MarketplaceProducts').body.replaceAll('\n', '  ')}`;
    expect((await partners.post({ query: text }, bearer(keys[mode]))).status).toBe(registered);
    expect(await partners.post({ query: unregistered }, bearer(keys[mode]))).toMatchObject({ status: other, code });
  });

  it('is told what is wrong with an id: none of its own, or with another text', async () => {
    const { id } = marketplace('MarketplaceProducts');
    const of = (body: object) => partners.post(body, bearer(keys.SAFELIST));
    expect(await of({ documentId: '0'.repeat(64) })).toMatchObject({ status: 400, code: 'PERSISTED_QUERY_NOT_IN_LIST' });
    expect(await of({ documentId: storefront('CategoryTree').id })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_IN_LIST' });
    expect(await of({ documentId: id, query: unregistered })).toMatchObject({ status: 400, code: 'CANNOT_SEND_PQ_ID_AND_BODY' });
  });

  it('registers nothing by sending an id with its text, as automatic persisted queries do', async () => {
    const sha256Hash = await sha256(unregistered);
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    for (const mode of ['OFF', 'SAFELIST', 'ID_ONLY'] as const) {
      const first = await partners.post({ query: unregistered, extensions }, bearer(keys[mode]));
      expect([mode, first.code]).toEqual([mode, mode === 'OFF' ? undefined : 'PERSISTED_QUERY_NOT_IN_LIST']);
      expect((await partners.post({ extensions }, bearer(keys[mode]))).code).toBe('PERSISTED_QUERY_NOT_IN_LIST');
    }
    expect((await partners.post({ query: unregistered, extensions })).status).toBe(200);
    expect((await partners.post({ extensions })).code).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('has the scopes of its API client, and no others', async () => {
    const { apiKey } = await partners.issue({ scopes: [] });
    const stock = { documentId: marketplace('MarketplaceStock').id, variables: { sku: await someSku() } };
    expect(await partners.post(stock, bearer(keys.ID_ONLY))).toMatchObject({ data: { inventoryItem: { available: expect.any(Number) } } });
    expect(await partners.post(stock, bearer(apiKey))).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('without a manifest of that name runs nothing by id', async () => {
    const { apiKey } = await partners.issue({ manifest: 'nobody' });
    expect((await partners.post({ documentId: marketplace('MarketplaceProducts').id }, bearer(apiKey))).code).toBe(
      'PERSISTED_QUERY_NOT_IN_LIST',
    );
  });
});

describe('a partner over WebSocket', () => {
  it('asks and follows by id, and is refused what HTTP refuses', async () => {
    await using socket = partners.socket(keys.ID_ONLY);
    const sku = await someSku();
    const extensions = { persistedQuery: { version: 1, sha256Hash: marketplace('MarketplaceStock').id } };
    expect((await socket.ask({ extensions, variables: { sku } }).next()).value).toMatchObject({ data: { inventoryItem: { sku } } });
    const changes = socket.ask({ documentId: marketplace('MarketplaceStockChanges').id, variables: { skus: [sku] } });
    expect((await changes.next()).value).toMatchObject({ data: { stockChanged: { sku } } });
    await changes.return?.();
    await expect(socket.ask({ query: unregistered }).next()).rejects.toMatchObject([
      { extensions: { code: 'PERSISTED_QUERY_ID_REQUIRED' } },
    ]);
    await expect(socket.ask({ documentId: '0'.repeat(64) }).next()).rejects.toMatchObject([
      { extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' } },
    ]);
  });

  it('may leave the text out altogether', async () => {
    const socket = new WebSocket(`${partners.shop.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const messages = on(socket, 'message');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: bearer(keys.ID_ONLY) }));
    await messages.next();
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { documentId: marketplace('MarketplaceProducts').id } }));
    const { value } = (await messages.next()) as { value: [Buffer] };
    expect(JSON.parse(value[0].toString())).toMatchObject({ type: 'next', payload: { data: { products: expect.anything() } } });
    socket.terminate();
  });

  it('does not get in with a key that is none', async () => {
    await using socket = partners.socket(`shop_${'x'.repeat(43)}`);
    await expect(socket.ask({ query: '{ __typename }' }).next()).rejects.toMatchObject({ code: 4403 });
  });
});

describe('our own clients', () => {
  it('read the catalogue by id and URL, and caches may keep it for as long as the schema says', async () => {
    const tree = await partners.get(`/graphql/d/${storefront('CategoryTree').id}`);
    expect(tree).toMatchObject({ status: 200, data: { categories: expect.any(Array) } });
    expect(tree.headers.get('cache-control')).toBe('public, max-age=300');
    expect(tree.headers.get('vary')).toMatch(/accept-language/);
    const page = `/graphql/d/${storefront('ProductPage').id}?variables=${encodeURIComponent(JSON.stringify({ slug: await someSlug() }))}`;
    expect((await partners.get(page)).headers.get('cache-control')).toBe('public, max-age=60');
  });

  it('need no header to ask for what is registered, and do for a text, whatever path it comes by', async () => {
    const text = encodeURIComponent(unregistered);
    const path = `/graphql/d/${await sha256(unregistered)}?query=${text}`;
    expect((await partners.get(path)).status).toBe(400);
    expect((await partners.get(path, { 'apollo-require-preflight': 'yes' })).status).toBe(200);
  });

  it('get everything else with no-store: stock, errors, a POST, and what is asked by somebody', async () => {
    const slug = encodeURIComponent(JSON.stringify({ slug: await someSlug() }));
    const { id } = storefront('CategoryTree');
    const { token } = await partners.shop.signedIn('customer@shop.example');
    for (const answer of [
      await partners.get(`/graphql/d/${storefront('ProductStock').id}?variables=${slug}`),
      await partners.get(`/graphql/d/${storefront('ProductPage').id}`),
      await partners.get(`/graphql/d/${'0'.repeat(64)}`),
      await partners.post({ documentId: id }),
      await partners.get(`/graphql/d/${id}`, { authorization: `Bearer ${token}` }),
      await partners.get(`/graphql?query=${encodeURIComponent(unregistered)}`, { 'apollo-require-preflight': 'yes' }),
    ])
      expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

async function someSlug(): Promise<string> {
  const { data } = await partners.post({ query: '{ products(first: 1) { nodes { slug } } }' });
  return (data as { products: { nodes: { slug: string }[] } }).products.nodes[0]?.slug ?? '';
}

async function someSku(): Promise<string> {
  const { data } = await partners.post({ query: '{ products(first: 1) { nodes { variants { sku } } } }' });
  return (data as { products: { nodes: { variants: { sku: string }[] }[] } }).products.nodes[0]?.variants[0]?.sku ?? '';
}

async function sha256(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('hex');
}
