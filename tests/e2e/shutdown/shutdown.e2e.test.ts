import { expect, it } from 'vitest';
import { Pool } from 'undici';
import { startTestShop } from '../../kit/shop.js';
import { until } from '../../kit/until.js';

it('a shop that stops answers what is under way and does not wait for clients that keep their connection', async () => {
  await using shop = await startTestShop();
  await using client = new AsyncDisposableStack();
  const pool = client.adopt(new Pool(shop.url, { connections: 1, keepAliveTimeout: 600_000 }), (open) => open.destroy());
  const arrived = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const catalog = shop.shop.subgraphs.get('catalog')?.server;
  if (!catalog) throw new Error('There is no catalog.');
  const execute = catalog.execute;
  catalog.execute = async (...args) => {
    arrived.resolve();
    await goOn.promise;
    return execute(...args);
  };

  const answer = pool.request({
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ categories { name } }' }),
  });
  await arrived.promise;
  const stopped = shop.shop[Symbol.asyncDispose]();
  await until(isClosed, { what: 'the door to be closed' });
  goOn.resolve();
  expect((await (await answer).body.json()) as unknown).toMatchObject({
    data: { categories: expect.arrayContaining([{ name: expect.any(String) }]) },
  });
  await stopped;

  async function isClosed(): Promise<true | null> {
    return fetch(`${shop.url}/health/live`).then(
      (open) => open.text().then(() => null),
      () => true,
    );
  }
}, 60_000);
