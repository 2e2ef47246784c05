import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bearerOf, guestCart, placeOrder, someSkus } from '../../kit/buyer.js';
import { shopProcess } from '../../kit/shop-process.js';

it('a shop in which somebody has bought is not emptied because the mark of its sample data is lost', async () => {
  await using shop = await shopProcess();
  await shop.start();
  const [sku = ''] = await someSkus(shop, 1);
  const order = await placeOrder(await guestCart(shop).with(sku).ready());
  await shop.stop();
  const mark = join(shop.folder, 'seeded.json');
  await rm(mark);
  await expect(shop.start()).rejects.toThrow(`the databases hold orders (${order.number})`);
  await writeFile(mark, '');
  await shop.start();
  const found = await bearerOf(shop, order).get('query Found($id: ID!) { order(id: $id) { number } }', { id: order.id });
  expect(found).toEqual({ number: order.number });
});
