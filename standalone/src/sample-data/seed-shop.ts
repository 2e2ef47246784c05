import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seedCarts } from '@shop/cart/seed';
import { seedCatalog } from '@shop/catalog/seed';
import { seedInventory } from '@shop/inventory/seed';
import { seedOrders } from '@shop/orders/seed';
import { seedPayments } from '@shop/payments/seed';
import { seedUsers } from '@shop/users/seed';
import type { ImportedIntent } from '../card-sandbox/imported-intent.js';
import { demoPeople } from './demo-people.js';
import { catalogued, sampleCatalogue } from './sample-catalogue.js';
import { sampleCustomers } from './sample-customers.js';
import { sampleOrders } from './sample-orders.js';
import { sampleIntents, samplePayments, sampleReservations } from './sample-payments.js';
import { sampleStock } from './sample-stock.js';

/** The file that says that a folder's sample data is complete. */
export const MARKER = 'seeded.json';

/** Whether the sample data of this folder is complete; a first start that was interrupted has to begin anew. */
export function wasSeeded(folder: string): boolean {
  return existsSync(join(folder, MARKER));
}

/**
 * Fills empty databases with the sample shop: 2,000 products, stock in three warehouses, 203 accounts and 500 orders. Returns the payments
 * that the card sandbox must know as well.
 */
export async function seedShop(databaseUrl: (subgraph: string) => string, now: Date): Promise<ImportedIntent[]> {
  const { categories, products } = sampleCatalogue();
  const customers = sampleCustomers(200, now);
  const orders = sampleOrders(500, customers, products, now);
  const payments = samplePayments(orders);
  const levels = sampleStock(products);
  await Promise.all([
    seedUsers(databaseUrl('users'), [...demoPeople(now), ...customers]),
    seedCatalog(databaseUrl('catalog'), { categories, products: products.map(catalogued) }),
    seedInventory(databaseUrl('inventory'), {
      levels,
      reservations: sampleReservations(orders),
      receivedAt: new Date(now.getTime() - 200 * 86_400_000),
    }),
    seedOrders(databaseUrl('orders'), orders),
    seedPayments(databaseUrl('payments'), payments),
    seedCarts(databaseUrl('cart'), { carts: [], stock: availabilityOf(levels) }),
  ]);
  return sampleIntents(payments);
}

export async function markSeeded(folder: string, at: Date): Promise<void> {
  await writeFile(join(folder, MARKER), JSON.stringify({ at: at.toISOString() }));
}

/** What cart knows of the stock before the first event; version 0 is older than any of inventory's. */
function availabilityOf(levels: ReturnType<typeof sampleStock>) {
  return [...Map.groupBy(levels, ({ sku }) => sku)].map(([sku, rows]) => ({
    sku,
    available: rows.reduce((sum, { onHand }) => sum + onHand, 0),
    version: 0,
  }));
}
