import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormattedExecutionResult } from 'graphql';
import { newId } from '@shop/platform/ids';
import { directTransport } from '@shop/platform/subgraph-transport';
import type { Viewer } from '@shop/platform/viewer';
import { claimsOf, settle, TEST_SECRET, userViewer } from '@shop/tests/kit/subgraph';
import { staff, startTestInventory, type TestInventory } from './inventory.kit.js';

let shop: TestInventory;

beforeAll(async () => {
  shop = await startTestInventory();
});

afterAll(() => shop[Symbol.asyncDispose]());

const query = `subscription ($skus: [String!]!) { stockChanged(skus: $skus) { sku availability { status quantity } variant { sku } } }`;

function subscribe(skus: string[], signal: AbortSignal, viewer: Viewer = userViewer()) {
  return directTransport(shop.inventory.server, TEST_SECRET).subscribe({ query, variables: { skus } }, claimsOf(viewer), signal);
}

async function follow(skus: string[], signal: AbortSignal, viewer?: Viewer): Promise<AsyncIterator<FormattedExecutionResult>> {
  const stream = await subscribe(skus, signal, viewer);
  if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
  return stream[Symbol.asyncIterator]();
}

const news = (sku: string, status: string, quantity: number | null) => ({
  done: false,
  value: { data: { stockChanged: { sku, availability: { status, quantity }, variant: { sku } } } },
});

describe('whoever follows some variants', () => {
  it('is told the state of each first, then what changes, until they leave', async () => {
    await shop.receive('live', 8);
    const leaving = new AbortController();
    const stream = await follow(['live', 'unknown'], leaving.signal);
    expect(await stream.next()).toEqual(news('live', 'IN_STOCK', 8));
    expect(await stream.next()).toEqual(news('unknown', 'UNKNOWN', null));
    const next = stream.next();
    await shop.receive('of no interest', 8);
    await shop.reserve(newId(), [{ sku: 'live', quantity: 4 }]);
    await settle([shop.inventory]);
    expect(await next).toEqual(news('live', 'LOW_STOCK', 4));
    const last = stream.next();
    leaving.abort();
    expect(await last).toEqual({ done: true, value: undefined });
  });

  it('leaves while waiting, and nothing goes on', async () => {
    await shop.receive('left', 1);
    const stream = await follow(['left'], AbortSignal.timeout(20_000));
    await stream.next();
    const waiting = stream.next();
    await stream.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('sees exact quantities only with the right to', async () => {
    await shop.receive('exact', 80);
    expect(await (await follow(['exact'], AbortSignal.timeout(20_000), staff)).next()).toEqual(news('exact', 'IN_STOCK', 80));
    expect(await (await follow(['exact'], AbortSignal.timeout(20_000))).next()).toEqual(news('exact', 'IN_STOCK', 10));
  });

  it('may name 50 at most', async () => {
    const skus = Array.from({ length: 51 }, (_, n) => `sku-${n}`);
    expect(await subscribe(skus, AbortSignal.timeout(20_000))).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });
});
