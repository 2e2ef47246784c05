import type { InventorySeedData } from '@shop/inventory/seed';
import { randomFrom } from './random.js';
import type { SampleProduct } from './sample-products.js';

const warehouses = ['BER', 'LYS', 'NJE'] as const;

/** What lies where: mostly plenty, here and there little, and for one variant in twenty nothing at all. */
export function sampleStock(products: readonly SampleProduct[]): InventorySeedData['levels'] {
  const random = randomFrom('stock');
  return products
    .flatMap(({ variants }) => variants)
    .flatMap(({ sku }) => {
      const supply = random.between(1, 20);
      const most = supply === 1 ? 0 : supply <= 3 ? 3 : 120;
      return warehouses.map((warehouseCode) => ({ sku, warehouseCode, onHand: random.between(0, most), safetyStock: 5 }));
    });
}
