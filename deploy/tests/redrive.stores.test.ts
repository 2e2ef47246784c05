import { randomUUID } from 'node:crypto';
import type { Servers } from '@shop/deploy/servers/start-servers';
import { deadLetters } from '@shop/platform/dead-letter';
import type { EventEnvelope } from '@shop/platform/event';
import { natsBus } from '@shop/platform/nats-bus';
import { countUnsent } from '@shop/platform/outbox';
import { storeUrl } from '@shop/tests/kit/stores';
import { ownServers } from '@shop/tests/kit/stores-folder';
import { quietLogger } from '@shop/tests/kit/subgraph';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { placed, startTwoServices, type TwoServices } from './event-services.js';

let servers: Servers<'nats'>;
let shop: TwoServices;
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 20 });

beforeAll(async () => {
  servers = await ownServers(['nats']);
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(async () => {
  shop = await startTwoServices(natsBus({ url: servers.urls.nats, name: 'tests', logger: quietLogger, maxBytes: 2 ** 24, backoffMs: [1] }));
});
afterEach(() => shop[Symbol.asyncDispose]());

it('while the broker is down, changes go on, and their events arrive in order when it is back', async () => {
  await shop.emit('a', 1);
  await eventually(async () => expect(await shop.heard('a')).toEqual([1]));
  await servers.kill('nats');
  for (let n = 2; n <= 60; n++) await shop.emit('a', n);
  await shop.emit('b', 1, 2, 3);
  expect(await countUnsent(shop.orders)).toBeGreaterThan(50);
  await servers.start('nats');
  await eventually(async () => expect(await countUnsent(shop.orders)).toBe(0));
  await eventually(async () => expect((await shop.heard('a')).length).toBe(60));
  expect(await shop.heard('a')).toEqual(Array.from({ length: 60 }, (_, place) => place + 1));
  expect(await shop.heard('b')).toEqual([1, 2, 3]);
});

it('a broker that lost everything loses nothing: what was sent and not handled comes by a redrive, and nothing twice', async () => {
  const since = new Date().toISOString();
  shop.fault = new Error('not yet');
  await shop.emit('c', 1, 2, 3);
  await shop.emit('d', 1);
  await eventually(async () => expect(await countUnsent(shop.orders)).toBe(0));
  await servers.kill('nats');
  servers.wipe('nats');
  shop.fault = null;
  await servers.start('nats');
  const { code } = await shop.run(`redrive --since ${since} --service orders`);
  expect(code).toBe(0);
  await eventually(async () => expect([await shop.heard('c'), await shop.heard('d')]).toEqual([[1, 2, 3], [1]]));
  await shop.run(`redrive --since ${since} --service orders`);
  await shop.emit('c', 4);
  await eventually(async () => expect(await shop.heard('c')).toEqual([1, 2, 3, 4]));
});

it('events that come again, late and out of order, change nothing', async () => {
  await using again = natsBus({ url: servers.urls.nats, name: 'tests', logger: quietLogger, maxBytes: 2 ** 24 });
  await again.connected(AbortSignal.timeout(20_000));
  const heard: EventEnvelope[] = [];
  again.listen([placed.type], (event) => heard.push(event));
  await shop.emit('r', 1, 2, 3);
  await eventually(async () => expect(await shop.heard('r')).toEqual([1, 2, 3]));
  await eventually(async () => expect(heard).toHaveLength(3));
  for (const event of heard.toReversed()) await again.publishAgain(event);
  await shop.emit('r', 4);
  await eventually(async () => expect(await shop.heard('r')).toEqual([1, 2, 3, 4]));
});

it('a poison event is put aside while others flow, and comes again by dead replay', async () => {
  shop.fault = new Error('poison');
  await shop.emit('e', 1);
  await eventually(async () => expect(await deadLetters(shop.inventory)).toHaveLength(1));
  shop.fault = null;
  await shop.emit('e', 2);
  await eventually(async () => expect(await shop.heard('e')).toEqual([2]));
  const { code } = await shop.run('dead replay --all --service inventory', { NATS_URL: servers.urls.nats });
  expect(code).toBe(0);
  await eventually(async () => expect(await shop.heard('e')).toEqual([2, 1]));
  expect(await deadLetters(shop.inventory)).toEqual([]);
});

it('products of a catalog on MongoDB are sent again when they changed since', async () => {
  const url = `${storeUrl('mongodb')}/redrive_${randomUUID().replaceAll('-', '')}`;
  const client = new MongoClient(url);
  try {
    const products = client.db().collection<{ _id: string; updatedAt: Date; sent?: boolean }>('product');
    const since = new Date('2026-11-23T08:00:00Z');
    vi.setSystemTime(new Date('2026-11-23T12:00:00Z'));
    await products.insertMany([
      { _id: 'old', updatedAt: new Date('2026-11-23T07:59:59Z'), sent: true },
      { _id: 'new', updatedAt: since, sent: true },
    ]);
    const { said } = await shop.run(`redrive --since ${since.toISOString()} --service catalog`, { CATALOG_DATABASE_URL: url });
    expect(said).toEqual(['catalog: 1 events since 2026-11-23T08:00:00.000Z are sent again']);
    expect(
      await products
        .find({ sent: { $exists: false } })
        .map(({ _id }) => _id)
        .toArray(),
    ).toEqual(['new']);
  } finally {
    vi.useRealTimers();
    await client.db().dropDatabase();
    await client.close();
  }
});
