import { startCatalog } from '@shop/catalog';
import { seedCatalog } from '@shop/catalog/seed';
import { inProcessBus } from '@shop/platform/in-process-bus';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { as, dataOf, quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { sampleCatalogue, samplePicture } from '../src/sample-data/sample-catalogue.js';

test('the sample catalogue fills a catalog that can be browsed, with a picture for what is shown', async () => {
  const sample = sampleCatalogue();
  await using database = await createTestDatabase();
  await seedCatalog(database.url, sample);
  await using bus = inProcessBus({ logger: quietLogger });
  const config = { databaseUrl: database.url, envelopeSecrets: [TEST_SECRET], mediaBaseUrl: 'http://localhost:4321' };
  await using catalog = await startCatalog(config, { bus, logger: quietLogger });
  const staff = as(catalog, { kind: 'service', name: 'test', scopes: ['catalog:read-all'] });
  const { products } = answer.parse(
    await dataOf(
      staff(`{ products(first: 100, sort: NAME) { totalCount nodes { slug images { url } categories { parent { parent { slug } } } } } }`),
    ),
  );
  expect(products.totalCount).toBe(2_000);
  for (const { slug, images, categories } of products.nodes) {
    expect(images).toEqual([{ url: `http://localhost:4321/media/products/${slug}.svg` }]);
    expect(samplePicture(slug)).toContain('<svg');
    expect(categories).toHaveLength(1);
  }
});

const answer = z.object({
  products: z.object({
    totalCount: z.number(),
    nodes: z.array(
      z.object({
        slug: z.string(),
        images: z.array(z.object({ url: z.string() })),
        categories: z.array(z.object({ parent: z.object({ parent: z.object({ slug: z.string() }) }) })),
      }),
    ),
  }),
});
