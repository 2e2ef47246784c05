import { seedCarts } from '@shop/cart/seed';
import { seedCatalog } from '@shop/catalog/seed';
import { seedInventory } from '@shop/inventory/seed';
import { seedUsers } from '@shop/users/seed';
import { demoPeople } from './demo-people.js';
import { catalogued, sampleCatalogue } from './sample-catalogue.js';

export interface SmallShop {
  databaseUrl(subgraph: string): string;
  /** Of each SKU, in the first warehouse. */
  stockPerSku: number;
}

/** A shop that is ready at once: 24 published products out of the sample catalogue, all in stock, and the demo sign-ins. */
export async function seedSmallShop({ databaseUrl, stockPerSku }: SmallShop): Promise<void> {
  const { categories, products } = sampleCatalogue();
  const published = products.filter(({ status }) => status === 'PUBLISHED');
  const chosen = published.filter((_, index) => index % Math.floor(published.length / 24) === 0).slice(0, 24);
  const skus = chosen.flatMap(({ variants }) => variants.map(({ sku }) => sku));
  await Promise.all([
    seedUsers(databaseUrl('users'), demoPeople(new Date())),
    seedCatalog(databaseUrl('catalog'), { categories, products: chosen.map(catalogued) }),
    seedInventory(databaseUrl('inventory'), { levels: skus.map((sku) => ({ sku, warehouseCode: 'BER', onHand: stockPerSku })) }),
    seedCarts(databaseUrl('cart'), { carts: [], stock: skus.map((sku) => ({ sku, available: stockPerSku, version: 0 })) }),
  ]);
}
