import { seedCatalog, type SeedProduct } from '@shop/catalog/seed';
import { startCatalog } from '@shop/catalog';
import { productChanged } from '@shop/events/catalog';
import { stockChanged } from '@shop/events/inventory';
import { startInventory } from '@shop/inventory';
import { seedInventory } from '@shop/inventory/seed';
import { serviceUnavailable } from '@shop/platform/graphql-errors';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import { directTransport, type SubgraphTransport } from '@shop/platform/subgraph-transport';
import { startSearch, type SearchConfig } from '@shop/search';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { as, dataOf, quietLogger, settle, TEST_SECRET, userViewer } from '@shop/tests/kit/subgraph';

export const staff = userViewer(newId(), ['catalog:write', 'catalog:read-all', 'stock:write', 'stock:read']);
const config = { envelopeSecrets: [TEST_SECRET], rebuildBackoffMs: [10] };

/** More than a page of the catalog: 117 lamps, then a draft, a teapot with two variants, and something archived. */
const products: SeedProduct[] = [
  ...Array.from({ length: 117 }, (_, place) =>
    product(`lamp-${place + 1}`, `Desk Lamp ${place + 1}`, { brand: place % 3 ? 'Lumen' : 'Noctis' }),
  ),
  product('secret', 'Secret Lamp', { status: 'DRAFT' }),
  product('teapot', 'Copper Teapot <em>', { categoryIds: ['kitchen'], prices: [4_500, 5_900] }),
  product('relic', 'Brass Relic', { status: 'ARCHIVED' }),
];

function product(
  id: string,
  name: string,
  { prices = [2_000], ...rest }: Partial<Pick<SeedProduct, 'brand' | 'status' | 'categoryIds'>> & { prices?: number[] } = {},
): SeedProduct {
  return {
    id,
    slug: id,
    name,
    description: `${name}, made to last.`,
    brand: null,
    status: 'PUBLISHED',
    taxClass: 'STANDARD',
    categoryIds: ['lamps'],
    images: [],
    attributes: [{ name: 'Material', value: 'Metal' }],
    options: [],
    variants: prices.map((amountMinor, place) => ({
      id: `${id}-v${place + 1}`,
      sku: `${id}-${place + 1}`,
      name,
      optionValues: [],
      price: { amountMinor, currency: 'EUR' },
      compareAtPrice: null,
      weightGrams: 500,
    })),
    createdAt: new Date(Date.UTC(2026, 0, 1)),
    ...rest,
  };
}

/** The teapot's second variant is there, and more SKUs than one page holds come before it. */
const levels = [
  ...Array.from({ length: 1_005 }, (_, place) => ({ sku: `another-${place}`, warehouseCode: 'BER', onHand: 3 })),
  { sku: 'lamp-1-1', warehouseCode: 'BER', onHand: 0 },
  { sku: 'teapot-1', warehouseCode: 'BER', onHand: 0 },
  { sku: 'teapot-2', warehouseCode: 'BER', onHand: 4 },
];

const searchQuery = `query ($query: String, $filter: ProductSearchFilter, $sort: SearchSort, $first: Int, $after: String) {
  searchProducts(query: $query, filter: $filter, sort: $sort, first: $first, after: $after) {
    hits { product { __typename id } score highlightedName }
    totalCount didYouMean tookMs
    facets { name buckets { value label count selected } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

export interface Found {
  hits: { product: { __typename: string; id: string } | null; score: number; highlightedName: string }[];
  totalCount: number;
  didYouMean: string | null;
  facets: { name: string; buckets: { value: string; label: string; count: number; selected: boolean }[] }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  tookMs: number;
}

/** Catalog and inventory over seeded databases of their own; `search` starts one over them, as often as it is called. */
export async function startShop() {
  await using starting = new AsyncDisposableStack();
  const [catalogDatabase, inventoryDatabase] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  starting.use(catalogDatabase);
  starting.use(inventoryDatabase);
  const categories = ['home', 'lamps', 'kitchen'].map((id, position) => ({
    id,
    slug: id,
    name: id.toUpperCase(),
    parentId: id === 'home' ? null : 'home',
    position,
  }));
  await seedCatalog(catalogDatabase.url, { categories, products });
  await seedInventory(inventoryDatabase.url, { levels });
  const bus = starting.use(inProcessBus({ logger: quietLogger, backoffMs: [1] }));
  const parts = { bus, logger: quietLogger };
  const catalog = starting.use(await startCatalog({ databaseUrl: catalogDatabase.url, ...config }, parts));
  const inventory = starting.use(await startInventory({ databaseUrl: inventoryDatabase.url, ...config }, parts));
  const transports = { catalog: directTransport(catalog.server, TEST_SECRET), inventory: directTransport(inventory.server, TEST_SECRET) };
  const running = starting.move();
  const search = async (
    overrides: Partial<typeof transports> = {},
    engine: Pick<SearchConfig, 'elasticsearchUrl' | 'elasticsearchPrefix' | 'searchTimeoutMs'> = {},
  ) => {
    const subgraph = running.use(await startSearch({ ...config, ...engine }, { ...parts, ...transports, ...overrides }));
    const ask = async (variables: Record<string, unknown>) =>
      (await dataOf(as(subgraph)(searchQuery, variables)))['searchProducts'] as Found;
    const idsOf = async (variables: Record<string, unknown>) => (await ask(variables)).hits.map((hit) => hit.product?.id ?? '');
    const refusal = async (variables: Record<string, unknown>) =>
      (await as(subgraph)(searchQuery, variables)).errors?.map((error) => error.extensions?.['code']);
    return { subgraph, ask, idsOf, refusal, settle: () => settle([catalog, inventory, subgraph]) };
  };
  return { bus, catalog, inventory, transports, search, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** A transport that answers nothing until it is mended. */
export function cut(transport: SubgraphTransport): SubgraphTransport & { mend(): void } {
  let isCut = true;
  return {
    ...transport,
    mend: () => void (isCut = false),
    execute: async (body, claims, signal) => {
      if (isCut) throw serviceUnavailable('catalog');
      return transport.execute(body, claims, signal);
    },
  };
}

/** product-changed of a lamp at this version. */
export function productEvent(id: string, version: number, change: { name?: string; status?: 'PUBLISHED' | 'ARCHIVED' } = {}) {
  return {
    id: newId(),
    type: productChanged.type,
    aggregateId: id,
    aggregateVersion: version,
    occurredAt: '2026-05-01T00:00:00.000Z',
    traceparent: null,
    causationId: null,
    data: {
      productId: id,
      version,
      status: 'PUBLISHED',
      slug: id,
      name: id,
      description: '',
      brand: null,
      categories: [
        {
          slug: 'lamps',
          name: 'LAMPS',
          path: [
            { slug: 'home', name: 'HOME' },
            { slug: 'lamps', name: 'LAMPS' },
          ],
        },
      ],
      attributes: [],
      options: [],
      variants: [
        {
          variantId: `${id}-v1`,
          sku: `${id}-1`,
          name: id,
          optionValues: [],
          price: { amountMinor: 2_000, currency: 'EUR' },
          compareAtPrice: null,
          weightGrams: 1,
        },
      ],
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-05-01T00:00:00.000Z',
      ...change,
    },
  };
}

export function stockEvent(sku: string, version: number, available: number) {
  const data = { sku, version, available, status: available > 0 ? 'IN_STOCK' : 'OUT_OF_STOCK', at: '2026-05-01T00:00:00.000Z' };
  return { ...productEvent(sku, version), type: stockChanged.type, data };
}
