import { expect, test } from 'vitest';
import { STORE_NAMES } from '@shop/tests/kit/stores-config';
import { ownServers } from '@shop/tests/kit/stores-folder';
import { storeUrl } from '@shop/tests/kit/stores';

test('every server of this run has an address of its own', () => {
  const urls = STORE_NAMES.map(storeUrl);
  expect(new Set(urls).size).toBe(STORE_NAMES.length);
});

test('a server that is killed, stopped or paused does not answer, and answers again at the same address', async () => {
  await using servers = await ownServers(['nats', 'redis']);
  const { urls } = servers;
  expect(await servers.isReady('nats')).toBe(true);
  await servers.kill('nats');
  expect([await servers.isReady('nats'), await servers.isReady('redis')]).toEqual([false, true]);
  await servers.start('nats');
  expect(await servers.isReady('nats')).toBe(true);
  servers.pause('redis');
  expect(await servers.isReady('redis')).toBe(false);
  servers.resume('redis');
  expect(await servers.isReady('redis')).toBe(true);
  await servers.stop('redis');
  expect(await servers.isReady('redis')).toBe(false);
  servers.wipe('redis');
  await servers.start('redis');
  expect(servers.urls).toEqual(urls);
  expect(await servers.isReady('redis')).toBe(true);
});
