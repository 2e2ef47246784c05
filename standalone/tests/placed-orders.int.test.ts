import { expect, it } from 'vitest';
import { seedOrders } from '@shop/orders/seed';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { sampleCatalogue } from '../src/sample-data/sample-catalogue.js';
import { sampleCustomers } from '../src/sample-data/sample-customers.js';
import { sampleOrders } from '../src/sample-data/sample-orders.js';
import { placedOrders } from '../src/placed-orders.js';

it('an order that somebody placed is told from those of the sample data', async () => {
  await using database = await createTestDatabase();
  expect(await placedOrders(database.url)).toEqual([]);
  const now = new Date();
  const sample = sampleOrders(20, sampleCustomers(5, now), sampleCatalogue().products, now);
  await seedOrders(database.url, sample);
  expect(await placedOrders(database.url)).toEqual([]);
  const placed = sampleOrders(1, sampleCustomers(5, now), sampleCatalogue().products, now).map((order) => ({
    ...order,
    id: crypto.randomUUID(),
    number: 'S-100001',
  }));
  await seedOrders(database.url, placed);
  expect(await placedOrders(database.url)).toEqual(['S-100001']);
});
