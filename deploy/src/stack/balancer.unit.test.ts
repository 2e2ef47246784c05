import { once } from 'node:events';
import { createServer } from 'node:http';
import { freePort } from '@shop/standalone/free-port';
import { afterEach, expect, it, vi } from 'vitest';
import { startBalancer, type BalancerOptions } from './balancer.js';

let all: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of all.toReversed()) await one[Symbol.asyncDispose]();
  all = [];
});

async function replica(name: string): Promise<number> {
  const server = createServer((_, response) => response.writeHead(200, { connection: 'close' }).end(name)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  all.push({ [Symbol.asyncDispose]: async () => void server.close() });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function balanced(targets: readonly number[], options?: BalancerOptions): Promise<string> {
  const balancer = await startBalancer(await freePort(), targets, options);
  all.push(balancer);
  return `http://127.0.0.1:${balancer.port}`;
}

const answers = async (url: string, count: number): Promise<string[]> => {
  const heard: string[] = [];
  for (let asked = 0; asked < count; asked++) heard.push(await (await fetch(url)).text());
  return heard;
};

it('hands connections to each replica in turn', async () => {
  const url = await balanced([await replica('one'), await replica('two')]);
  expect(await answers(url, 4)).toEqual(['one', 'two', 'one', 'two']);
});

it('passes over a replica that is gone', async () => {
  const url = await balanced([1, await replica('two')]);
  expect(await answers(url, 3)).toEqual(['two', 'two', 'two']);
});

it('passes over a replica that says that it is not ready, for as long as it says so', async () => {
  const [one, two] = [await replica('one'), await replica('two')];
  const unready = new Set([one]);
  const url = await balanced([one, two], { isReady: async (port) => !unready.has(port), everyMs: 5 });
  await vi.waitFor(async () => expect(await answers(url, 4)).toEqual(['two', 'two', 'two', 'two']));
  unready.clear();
  await vi.waitFor(async () => expect((await answers(url, 2)).toSorted()).toEqual(['one', 'two']));
});

it('hands on to those that are not ready when nobody is', async () => {
  const url = await balanced([await replica('one'), await replica('two')], { isReady: async () => false, everyMs: 5 });
  expect((await answers(url, 2)).toSorted()).toEqual(['one', 'two']);
});

it('hangs up when there is none', async () => {
  const url = await balanced([1, 2]);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});
