import { expect, it } from 'vitest';
import { shopProcess } from '../../kit/shop-process.js';

it('a shop of which one part cannot start says why, and ends', async () => {
  await using shop = await shopProcess();
  await shop.start();
  // Its tables are there, and it would make them.
  await shop.sql('orders', 'delete from mikro_orm_migrations');
  await shop.stop();
  await expect(shop.start()).rejects.toThrow('The shop cannot start');
});
