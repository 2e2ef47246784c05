import { randomUUID } from 'node:crypto';
import { startCatalog } from '@shop/catalog';
import { seedCatalog } from '@shop/catalog/seed';
import { runEvents } from '@shop/deploy/events/run-events';
import { productChanged } from '@shop/events/catalog';
import { inProcessBus } from '@shop/platform/in-process-bus';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../kit/postgres.js';
import { product } from '../kit/seed-product.js';
import { storeUrl } from '../kit/stores.js';
import { as, dataOf, quietLogger, TEST_SECRET, userViewer } from '../kit/subgraph.js';
import { until } from '../kit/until.js';

const RENAME = 'mutation { updateProduct(input: { id: "cap", expectedVersion: 1, name: "Sun Cap" }) { __typename } }';

/** The server is this run's own, and forgets all at its end. */
async function onMongo(): Promise<{ url: string } & AsyncDisposable> {
  return { url: `${storeUrl('mongodb')}/redriven_${randomUUID().replaceAll('-', '')}`, [Symbol.asyncDispose]: async () => undefined };
}

it.each([
  { store: 'PostgreSQL', make: createTestDatabase },
  { store: 'MongoDB', make: onMongo },
])('a product that the catalog on $store has sent and not marked yet is sent again by a redrive', async ({ make }) => {
  await using place = await make();
  await seedCatalog(place.url, { categories: [], products: [product('cap', { id: 'cap' })] });
  await using bus = inProcessBus({ logger: quietLogger });
  const sent: number[] = [];
  const marking = Promise.withResolvers<void>();
  bus.listen([productChanged.type], (event) => sent.push(event.aggregateVersion));
  const publish = bus.publish.bind(bus);
  bus.publish = async (event) => {
    await publish(event);
    await marking.promise;
  };
  await using catalog = await startCatalog({ databaseUrl: place.url, envelopeSecrets: [TEST_SECRET] }, { bus, logger: quietLogger });
  await dataOf(as(catalog, userViewer(undefined, ['catalog:write']))(RENAME));
  await until(async () => (sent.length === 1 ? true : null), { what: 'the product to be sent' });
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const since = new Date(Date.now() - 60_000).toISOString();
  const words = ['redrive', '--since', since, '--service', 'catalog'];
  expect(await runEvents(words, { CATALOG_DATABASE_URL: place.url }, { say, complain: say })).toBe(0);
  expect(lines).toEqual([`catalog: 1 events since ${since} are sent again`]);
  marking.resolve();
  await until(async () => (sent.length === 2 ? true : null), { what: 'the product to be sent again' });
  while ((await catalog.settle()) > 0);
  expect(sent).toEqual([2, 2]);
});
