import { startCatalog } from '@shop/catalog';
import { seedCatalog } from '@shop/catalog/seed';
import { startInventory } from '@shop/inventory';
import { seedInventory } from '@shop/inventory/seed';
import { inProcessBus } from '@shop/platform/in-process-bus';
import { createLogger } from '@shop/platform/logger';
import { startEmbeddedPostgres } from '@shop/standalone/embedded-postgres';
import { catalogued } from '@shop/standalone/sample-data/sample-catalogue';
import { sampleCategories } from '@shop/standalone/sample-data/sample-categories';
import { sampleProducts } from '@shop/standalone/sample-data/sample-products';

const SECRET = 'a-secret-of-the-bench-of-at-least-32-characters';
const LEVELS_AT_ONCE = 10_000;

/** Catalog and inventory of many products, each answering on a port of its own. */
export interface LargeShop extends AsyncDisposable {
  addresses: { catalogUrl: string; inventoryUrl: string; secret: string };
  published: number;
  variants: number;
  /** What people may ask for. */
  words: string[];
  brands: string[];
  categories: string[];
}

export async function startLargeShop(folder: string, count: number): Promise<LargeShop> {
  await using starting = new AsyncDisposableStack();
  const settings = { fsync: 'off', synchronous_commit: 'off', max_wal_size: '4GB' };
  const postgres = starting.use(await startEmbeddedPostgres({ dataFolder: folder, settings }));
  for (const name of ['catalog', 'inventory']) await postgres.createDatabase(name);
  const { categories, places } = sampleCategories();
  const products = sampleProducts(places, count, Math.floor(count * 1.5)).map(catalogued);
  await seedCatalog(postgres.url('catalog'), { categories, products });
  const levels = products.flatMap(({ variants }, at) =>
    variants.map(({ sku }) => ({ sku, warehouseCode: 'BER', onHand: at % 5 === 0 ? 0 : 20 })),
  );
  for (let from = 0; from < levels.length; from += LEVELS_AT_ONCE)
    await seedInventory(postgres.url('inventory'), { levels: levels.slice(from, from + LEVELS_AT_ONCE) });

  const logger = createLogger('bench', 'silent');
  const parts = { bus: starting.use(inProcessBus({ logger })), logger };
  const config = (name: string) => ({ databaseUrl: postgres.url(name), envelopeSecrets: [SECRET] });
  const catalog = starting.use(await startCatalog(config('catalog'), parts));
  const inventory = starting.use(await startInventory(config('inventory'), parts));
  const [catalogPort, inventoryPort] = [await catalog.server.listen(0), await inventory.server.listen(0)];
  const running = starting.move();
  return {
    addresses: { catalogUrl: `http://127.0.0.1:${catalogPort}`, inventoryUrl: `http://127.0.0.1:${inventoryPort}`, secret: SECRET },
    published: products.filter(({ status }) => status === 'PUBLISHED').length,
    variants: levels.length,
    words: [...new Set(products.slice(0, 4_000).map(({ name }) => name))],
    brands: [...new Set(products.flatMap(({ brand }) => (brand === null ? [] : [brand])))],
    categories: categories.map(({ slug }) => slug),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
