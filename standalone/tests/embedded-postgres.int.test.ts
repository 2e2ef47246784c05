import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { discardDataFolder, startEmbeddedPostgres, type EmbeddedPostgres } from '../src/embedded-postgres.js';

const settings = { fsync: 'off' };
let dataFolder: string;

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'shop-embedded-test-'));
});
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }));

const start = (fresh = false): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataFolder, settings, fresh });

test('a second start finds the databases under the same address, and a fresh one finds none', async () => {
  const urls: string[] = [];
  {
    await using first = await start();
    await first.createDatabase('orders');
    urls.push(first.url('orders'));
  }
  {
    await using second = await start();
    expect(await second.databaseExists('orders')).toBe(true);
    urls.push(second.url('orders'));
  }
  expect(urls[1]).toBe(urls[0]);
  await using fresh = await start(true);
  expect(await fresh.databaseExists('orders')).toBe(false);
});

test('a folder in use is neither started twice nor discarded', async () => {
  await using server = await start();
  await expect(start()).rejects.toThrow('in use by process');
  await expect(discardDataFolder(dataFolder)).rejects.toThrow('in use by process');
  expect(await server.databaseExists('postgres')).toBe(true);
});

test('a taken port is left to its holder', async () => {
  await using server = await start();
  const elsewhere = join(dataFolder, 'elsewhere');
  await using other = await startEmbeddedPostgres({ dataFolder: elsewhere, settings, port: server.port });
  expect(other.port).not.toBe(server.port);
  expect(other.port).toBeLessThan(32_768);
});
