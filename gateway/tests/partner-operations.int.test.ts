import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newApiKey } from '@shop/platform/api-key';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { hashOf, printManifest } from '../src/partners/manifest.js';
import { loadPersistedLists } from '../src/partners/persisted-lists.js';
import { openSocket, post } from './gateway-kit.js';
import { startLiveGateway } from './live/live-gateway.js';

const topics = 'query Topics { topics }';
const noted = 'subscription Noted { noted(topic: "t") { text } }';
const level = 'subscription Level { levelChanged(tanks: ["1"]) { value } }';
const terms = { name: 'P', scopes: [], costCeiling: 1_000, requestsPerMinute: 600, costPerMinute: 600, mode: 'ID_ONLY' };

/** The users subgraph, of which there is only one partner: whoever has a key is it. */
function onlyPartner(costPerMinute: number): SubgraphTransport {
  const partner = { id: 'c', name: 'P', scopes: [], manifest: 'p', mode: 'ID_ONLY', requestsPerMinute: 600, costPerMinute };
  return {
    execute: async () => ({ data: { apiClientOfKey: partner } }),
    subscribe: async () => ({ data: null }),
    getJson: async () => ({}),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Files are looked at every second. */
const soon = { timeout: 15_000, interval: 50 };
const authorization = `Bearer ${newApiKey()}`;

let folder: string;
const stack: AsyncDisposableStack[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lists-'));
  await mkdir(join(folder, 'partners'));
  await writeFile(join(folder, 'partners/p.json'), JSON.stringify(terms));
});
afterEach(async () => {
  for (const each of stack.splice(0)) await each.disposeAsync();
  await rm(folder, { recursive: true });
});

const register = (...bodies: string[]) =>
  writeFile(
    join(folder, 'partners/p.manifest.json'),
    printManifest(bodies.map((body) => ({ id: hashOf(body), name: 'o', type: body.startsWith('query') ? 'query' : 'subscription', body }))),
  );

async function served(costPerMinute = 10_000) {
  const disposables = new AsyncDisposableStack();
  stack.push(disposables);
  const persisted = await loadPersistedLists(folder);
  const live = disposables.use(
    await startLiveGateway({ persisted, persistedFolder: folder }, 'in process', new Map([['users', onlyPartner(costPerMinute)]])),
  );
  return {
    ...live,
    ask: (text: string) => post(live.url, { documentId: hashOf(text) }, { authorization }),
    follow: async (text: string) => {
      const socket = await openSocket(live.url, { authorization });
      disposables.defer(() => socket[Symbol.dispose]());
      socket.send({ type: 'subscribe', id: '1', payload: { documentId: hashOf(text) } });
      return socket;
    },
  };
}

const notInList = [{ extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' } }];

describe('the operations of a partner', () => {
  it('can be asked for as soon as their manifest was written, and no longer than they are in it', async () => {
    await register(noted);
    const { ask, gateway } = await served();
    expect(await ask(topics)).toMatchObject({ errors: notInList });
    await register(noted, topics);
    await vi.waitFor(async () => expect(await ask(topics)).toMatchObject({ data: { topics: [] } }), soon);
    await register(noted);
    await vi.waitFor(async () => expect(await ask(topics)).toMatchObject({ errors: notInList }), soon);
    expect(gateway.metrics()).toMatch(/^gateway_manifest_reloads_total\{outcome="taken"\} 2$/m);
  });

  it('stay as they are when a manifest is broken', async () => {
    await register(topics);
    const { ask, gateway } = await served();
    await writeFile(join(folder, 'partners/p.manifest.json'), '{ "broken');
    await vi.waitFor(() => expect(gateway.metrics()).toMatch(/^gateway_manifest_reloads_total\{outcome="refused"\} 1$/m), soon);
    expect(await ask(topics)).toMatchObject({ data: { topics: [] } });
  });

  it('end where they are followed, once they are taken out', async () => {
    await register(topics, noted);
    const { follow, feed, gateway } = await served();
    feed.note('t', 'one');
    const socket = await follow(noted);
    expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: { noted: { text: 'one' } } } });
    await register(topics);
    expect(await socket.next()).toMatchObject({ type: 'error', payload: notInList });
    expect(gateway.liveCounts()).toMatchObject({ clients: 0 });
  });
});

describe('the events of a partner’s subscription', () => {
  it('cost what subscribing did, and end with RATE_LIMITED where none may be missed', async () => {
    await register(noted);
    const { follow, feed } = await served(4);
    feed.note('t', 'one');
    const socket = await follow(noted);
    const heard: unknown[] = [await socket.next()];
    for (const text of ['two', 'three', 'four', 'five', 'six']) feed.note('t', text);
    while (!heard.some((message) => (message as { type: string }).type === 'error')) heard.push(await socket.next());
    expect(heard.length).toBeLessThan(6);
    expect(heard.at(-1)).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) as number } }],
    });
  });

  it('wait for points where only the newest state counts', async () => {
    await register(level);
    // 40 a minute: one every one and a half seconds, or a little later.
    const { follow, feed, gateway } = await served(40);
    feed.level('1', 1);
    const socket = await follow(level);
    expect(await socket.next()).toMatchObject({ payload: { data: { levelChanged: { value: 1 } } } });
    for (let value = 2; value <= 100; value++) feed.level('1', value);
    let last: unknown;
    while (last !== 100) last = ((await socket.next()).payload as { data: { levelChanged: { value: number } } }).data.levelChanged.value;
    const [, delivered] = /field="levelChanged",outcome="delivered"\} (\d+)/.exec(gateway.metrics()) ?? [];
    expect(Number(delivered)).toBeLessThan(60);
  });
});
