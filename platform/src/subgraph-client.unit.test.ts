import { parse } from 'graphql';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { expect, it } from 'vitest';
import { serviceContext, subgraphClient } from './subgraph-client.js';
import type { SubgraphTransport } from './subgraph-transport.js';

const document: TypedDocumentNode<{ ok: boolean }, Record<string, never>> = parse('{ ok }');

/** A subgraph that answers as told, and how often it was asked. */
function subgraph(answers: (call: number) => boolean) {
  let calls = 0;
  const transport: SubgraphTransport = {
    execute: async () => {
      if (!answers(++calls)) throw new Error('no answer');
      return { data: { ok: true } };
    },
    subscribe: async () => ({}),
    getJson: async () => null,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const client = subgraphClient({ target: 'cart', transport });
  const read = () => client.read(document, {}, serviceContext('test', [], new AbortController().signal));
  return { read, calls: () => calls };
}

it('repeats a read that found no answer', async () => {
  const cart = subgraph((call) => call > 2);
  expect(await cart.read()).toEqual({ ok: true });
  expect(cart.calls()).toBe(3);
});

it('waits for a subgraph in another process only so long', async () => {
  const silent = (isRemote: boolean): SubgraphTransport => ({
    isRemote,
    execute: (_, __, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('given up')))),
    subscribe: async () => ({}),
    getJson: async () => null,
    [Symbol.asyncDispose]: async () => undefined,
  });
  const leaving = new AbortController();
  const read = (isRemote: boolean) =>
    subgraphClient({ target: 'cart', transport: silent(isRemote), timeoutMs: 10 })
      .read(document, {}, serviceContext('test', [], leaving.signal))
      .catch(() => isRemote);
  const within = read(false);
  expect(await Promise.race([within, read(true)])).toBe(true);
  leaving.abort();
  expect(await within).toBe(false);
});

it('leaves a subgraph alone that failed half of twenty calls', async () => {
  const cart = subgraph(() => false);
  await Promise.allSettled(Array.from({ length: 10 }, cart.read));
  const before = cart.calls();
  expect(before).toBeGreaterThanOrEqual(20);
  await expect(cart.read()).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } });
  expect(cart.calls()).toBe(before);
});

it('goes on asking a subgraph that fails a few times in a row between many good answers', async () => {
  const cart = subgraph((call) => call <= 40 || call > 52);
  for (let n = 0; n < 40; n++) await cart.read();
  await Promise.allSettled(Array.from({ length: 4 }, cart.read));
  expect(await cart.read()).toEqual({ ok: true });
});
