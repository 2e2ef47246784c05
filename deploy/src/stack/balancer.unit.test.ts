import { once } from 'node:events';
import { createServer } from 'node:http';
import { freePort } from '@shop/standalone/free-port';
import { afterEach, expect, it } from 'vitest';
import { startBalancer } from './balancer.js';

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

async function balanced(targets: readonly number[]): Promise<string> {
  const balancer = await startBalancer(await freePort(), targets);
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

it('hangs up when there is none', async () => {
  const url = await balanced([1, 2]);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});
