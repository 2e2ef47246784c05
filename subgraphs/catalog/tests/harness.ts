import { manualClock } from '@shop/platform/clock';
import type { EventEnvelope } from '@shop/platform/event';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { as, quietLogger, TEST_SECRET, userViewer } from '@shop/tests/kit/subgraph';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { productChanged } from '@shop/events/catalog';
import { seedCatalog, type CatalogSeed, type SeedCategory, type SeedProduct } from '../src/seed.js';
import { startCatalog } from '../src/subgraph.js';

export const START = new Date('2026-03-01T12:00:00.000Z');

export const reader = userViewer(undefined, ['catalog:read-all']);
export const writer = userViewer(undefined, ['catalog:write', 'catalog:read-all']);

export interface CatalogUnderTest extends AsyncDisposable {
  databaseUrl: string;
  clock: ReturnType<typeof manualClock>;
  catalog: RunningSubgraph;
  /** What a consumer of product-changed received, in order. */
  received: EventEnvelope[];
}

/** A catalog of its own, with these products in it. */
export async function catalogWith(seed: CatalogSeed = { categories: [], products: [] }): Promise<CatalogUnderTest> {
  const database = await createTestDatabase();
  await seedCatalog(database.url, seed);
  const running = await startOn(database.url);
  return {
    databaseUrl: database.url,
    ...running,
    [Symbol.asyncDispose]: async () => {
      await running.stop();
      await database[Symbol.asyncDispose]();
    },
  };
}

export async function startOn(databaseUrl: string) {
  const clock = manualClock(START);
  const bus = inProcessBus({ logger: quietLogger, backoffMs: [0] });
  const received: EventEnvelope[] = [];
  bus.consume({
    name: 'test',
    types: [productChanged.type],
    handle: async (event) => void received.push(event),
    park: async () => undefined,
  });
  const catalog = await startCatalog({ databaseUrl, envelopeSecrets: [TEST_SECRET] }, { bus, logger: quietLogger, clock });
  const stop = async () => {
    await catalog[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
  };
  return { clock, catalog, received, stop };
}

export const anyone = ({ catalog }: { catalog: RunningSubgraph }) => as(catalog);
export const staff = ({ catalog }: { catalog: RunningSubgraph }) => as(catalog, writer);

export function category(slug: string, parent: SeedCategory | null = null, position = 0): SeedCategory {
  return { id: `category-${slug}`, slug, name: slug.toUpperCase(), parentId: parent?.id ?? null, position };
}

/** A product of one variant; the SKU is the slug in capitals. */
export function product(slug: string, overrides: Partial<SeedProduct> & { priceMinor?: number } = {}): SeedProduct {
  const { priceMinor = 1000, ...rest } = overrides;
  return {
    id: `product-${slug}`,
    slug,
    name: slug,
    description: `About ${slug}.`,
    brand: null,
    status: 'PUBLISHED',
    taxClass: 'STANDARD',
    categoryIds: [],
    images: [],
    attributes: [],
    options: [],
    variants: [variant(slug.toUpperCase(), priceMinor)],
    createdAt: START,
    ...rest,
  };
}

export function variant(sku: string, priceMinor: number): SeedProduct['variants'][number] {
  return {
    id: `variant-${sku}`,
    sku,
    name: sku,
    optionValues: [],
    price: { amountMinor: priceMinor, currency: 'EUR' },
    compareAtPrice: null,
    weightGrams: 100,
  };
}
