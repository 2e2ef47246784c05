import { randomUUID } from 'node:crypto';
import { storeUrl } from '@shop/tests/kit/stores';
import { as } from '@shop/tests/kit/subgraph';
import { openTcpLink } from '@shop/tests/kit/tcp-link';
import { until } from '@shop/tests/kit/until';
import { describe, expect, it } from 'vitest';
import { openCatalogStore } from '../src/open-catalog-store.js';
import { connectMongo } from '../src/mongodb/mongo-connection.js';
import { seedCatalog } from '../src/seed.js';
import { catalogStoreContract } from './catalog-store.contract.js';
import { countCommands } from './count-commands.js';
import { product } from '@shop/tests/kit/seed-product';
import { startOn, type CatalogPlace } from './harness.js';

async function make(): Promise<CatalogPlace> {
  const url = `${storeUrl('mongodb')}/test_${randomUUID().replaceAll('-', '')}`;
  const inside = async (
    work: (db: ReturnType<Awaited<ReturnType<typeof connectMongo>>['em']['getConnection']>['getDb']) => Promise<unknown>,
  ) => {
    const orm = await connectMongo({ url, poolSize: 1 });
    await work(() => orm.em.getConnection().getDb());
    await orm.close(true);
  };
  return {
    url,
    forgetSent: (productId) =>
      inside((db) =>
        db()
          .collection<{ _id: string }>('product')
          .updateOne({ _id: productId }, { $set: { publishedVersion: 1 }, $unset: { sent: '' } }),
      ),
    [Symbol.asyncDispose]: () => inside((db) => db().dropDatabase({ timeoutMS: 60_000 })),
  };
}

describe('the catalog on MongoDB', () => {
  catalogStoreContract({ make, countStatements: countCommands });

  it.each(['cut', 'hang'] as const)('says that it is unavailable while the server is away (%s), and is back with it', async (how) => {
    await using place = await make();
    await using link = await openTcpLink(storeUrl('mongodb'));
    await seedCatalog(place.url, { categories: [], products: [product('cap')] });
    // A server of a replica set tells its own address, by which the driver would go past the link.
    const { catalog, stop } = await startOn(`mongodb://${new URL(link.url).host}${new URL(place.url).pathname}?directConnection=true`);
    const read = () => as(catalog)('{ product(slug: "cap") { name } }');
    expect((await read()).data).toEqual({ product: { name: 'cap' } });
    link[how]();
    expect((await read()).errors?.[0]?.extensions?.['code']).toBe('SERVICE_UNAVAILABLE');
    link.mend();
    await until(async () => ((await read()).errors ? null : true), { what: 'the catalog to be back' });
    await stop();
  });

  it('refuses to start on an index that is another than the declared one', async () => {
    await using place = await make();
    const orm = await connectMongo({ url: place.url });
    await orm.em.getConnection().getDb().collection('product').createIndex({ slug: 1 }, { name: 'product_slug' });
    await orm.close(true);
    await using store = await openCatalogStore({ url: place.url });
    await expect(store.migrate()).rejects.toThrow('another index product_slug');
  });

  it('makes its indexes from several processes at once, and uses them', async () => {
    await using place = await make();
    const stores = await Promise.all([1, 2, 3].map(() => openCatalogStore({ url: place.url })));
    await Promise.all(stores.map((store) => store.migrate()));
    const orm = await connectMongo({ url: place.url });
    const collection = orm.em.getConnection().getDb().collection('product');
    for (const filter of [{ slug: { $in: ['a'] } }, { skus: { $in: ['A'] } }, { sent: null }]) {
      expect(JSON.stringify(await collection.find(filter).explain())).toContain('IXSCAN');
    }
    await orm.close(true);
    for (const store of stores) await store[Symbol.asyncDispose]();
  });
});
