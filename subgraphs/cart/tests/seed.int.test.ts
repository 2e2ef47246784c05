import { randomUUID } from 'node:crypto';
import { openDatabase } from '@shop/platform/database';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { cartMigrations } from '../src/migrations.js';
import { postgresCartStore } from '../src/postgres-cart-store.js';
import { seedCarts, type CartSeedData } from '../src/seed.js';

it('fills carts of customers and the stock view; a repetition changes nothing', async () => {
  await using place = await createTestDatabase();
  const data: CartSeedData = {
    carts: Array.from({ length: 300 }, (_, n) => ({
      id: randomUUID(),
      customerId: `customer-${n}`,
      updatedAt: new Date('2026-02-01T00:00:00.000Z'),
      lines: [
        {
          sku: `sku-${n}`,
          quantity: 2,
          productName: 'Mug',
          variantName: 'Blue',
          unitPrice: { amountMinor: 1_000, currency: 'EUR' },
          weightGrams: 300,
          taxClass: 'standard',
        },
      ],
    })),
    stock: [{ sku: 'sku-1', available: 7, version: 3 }],
  };
  await seedCarts(place.url, data);
  await seedCarts(place.url, data);

  await using db = await openDatabase({ url: place.url, entities: [], migrations: cartMigrations });
  const store = postgresCartStore(db, { guestCartDays: 90 });
  const cart = await store.findByCustomer('customer-299');
  expect(cart).toMatchObject({
    id: data.carts[299]?.id,
    version: 1,
    lines: [{ sku: 'sku-299', quantity: 2, seen: { productName: 'Mug' } }],
  });
  expect(await store.load(cart?.id ?? '', new Date('2030-01-01T00:00:00.000Z'))).toEqual(cart);
  expect(await db.rows(z.unknown(), 'select sku, available, version from stock_view')).toEqual(data.stock);
});
