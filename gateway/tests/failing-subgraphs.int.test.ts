import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway, type Gateway, type GatewayConfig } from '@shop/gateway';
import { httpTransport } from '@shop/platform/subgraph-transport';
import { testGatewayConfig } from '@shop/tests/kit/gateway-config';
import { quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { post, type Answer } from './gateway-kit.js';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const sdl = {
  parcels: `${link} type Query { parcels: [Parcel!]! sound: String } type Mutation { send: String }
    type Parcel @key(fields: "id") { id: ID! name: String }`,
  prices: `${link} type Query { cheapest: Parcel price: Int } type Mutation { pay: String } type Parcel @key(fields: "id") { id: ID! price: Int }`,
};

type Handler = (call: { query: string; n: number }, response: ServerResponse) => void;

const answers = {
  parcels: { parcels: [{ __typename: 'Parcel', id: '1', name: 'P1' }], sound: 'here', send: 'sent' },
  prices: { _entities: [{ price: 5 }], price: 7, pay: 'paid' },
};
const soundly =
  (name: keyof typeof answers): Handler =>
  (_, response) =>
    void response.setHeader('content-type', 'application/json').end(JSON.stringify({ data: answers[name] }));
const never: Handler = () => undefined;
const cutOff: Handler = (_, response) => void response.destroy();

/** A subgraph over HTTP that does as it is told. */
async function subgraphDoing(first: Handler) {
  let handler = first;
  const calls: string[] = [];
  let left = Promise.withResolvers<void>();
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { query } = JSON.parse(Buffer.concat(chunks).toString()) as { query: string };
      calls.push(query);
      response.once('close', () => response.writableFinished || left.resolve());
      handler({ query, n: calls.length }, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    turn: (next: Handler) => void (handler = next),
    /** The gateway has given up a call. */
    givenUp: () => left.promise,
    forget: () => {
      calls.length = 0;
      left = Promise.withResolvers();
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A thread that plans takes its time to start. */
const soon = { timeout: 60_000 };

const stack: AsyncDisposableStack[] = [];
afterEach(async () => {
  for (const each of stack.splice(0)) await each.disposeAsync();
});

async function shop(prices: Handler, resilience: GatewayConfig['resilience'] = {}, requestTimeoutMs = 10_000) {
  const disposables = new AsyncDisposableStack();
  stack.push(disposables);
  const subgraphs = {
    parcels: disposables.use(await subgraphDoing(soundly('parcels'))),
    prices: disposables.use(await subgraphDoing(prices)),
  };
  const { supergraphSdl } = composeServices(
    Object.entries(sdl).map(([name, text]) => ({ name, url: 'http://unused.internal', typeDefs: parse(text) })),
  );
  const gateway: Gateway = disposables.use(
    await startGateway(
      testGatewayConfig({
        supergraphSdl: supergraphSdl ?? '',
        requestTimeoutMs,
        resilience,
      }),
      {
        transports: new Map(Object.entries(subgraphs).map(([name, { url }]) => [name, disposables.use(httpTransport(url, TEST_SECRET))])),
        logger: quietLogger,
      },
    ),
  );
  const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}/graphql`;
  await expect.poll(async () => (await post(url, { query: '{ sound }' })).data, soon).toEqual({ sound: 'here' });
  return {
    ...subgraphs,
    url,
    ask: (query: string, signal?: AbortSignal): Promise<Answer> => (signal ? left(url, query, signal) : post(url, { query })),
    counts: () => gateway.fetchCounts(),
    ofPrices: () => gateway.fetchCounts().subgraphs.get('prices'),
  };
}

/** A client that does not wait for its answer. */
async function left(url: string, query: string, signal: AbortSignal): Promise<Answer> {
  await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }), signal }).catch(
    () => undefined,
  );
  return { status: 0, text: '' };
}

const BOTH = '{ parcels { name price } sound }';
const partial = { parcels: [{ name: 'P1', price: null }], sound: 'here' };

describe('a subgraph that does not answer', () => {
  it('costs its fields, once its time is over', async () => {
    const { ask, ofPrices } = await shop(never, { queryTimeoutMs: 1_000 }, 10_000);
    expect(await ask(BOTH)).toMatchObject({ status: 200, data: partial, errors: [{ extensions: { code: 'TIMEOUT' } }] });
    expect(ofPrices()).toMatchObject({ timeouts: 1, retries: 0 });
  });

  it('costs its fields at the deadline of the request, too', async () => {
    const { ask } = await shop(never, {}, 1_000);
    expect(await ask(BOTH)).toMatchObject({ status: 200, data: partial, errors: [{ extensions: { code: 'TIMEOUT' } }] });
  });

  it('does not hold up what others answer', async () => {
    const { ask, prices } = await shop(never, {}, 2_000);
    const slow = Array.from({ length: 20 }, (_, i) => ask(`{ price${i}: price }`));
    expect(await ask('{ sound }')).toMatchObject({ data: { sound: 'here' } });
    prices.turn(soundly('prices'));
    expect(await ask('mutation { pay }')).toMatchObject({ data: { pay: 'paid' } });
    for (const { data } of await Promise.all(slow)) expect(Object.values(data ?? {})).toEqual([null]);
  });

  it('is asked by no more at a time than there is room for', async () => {
    const { ask, prices, ofPrices } = await shop(never, { inFlight: 2, waiting: 1, queryTimeoutMs: 1_500 }, 10_000);
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((alias) => ask(`{ ${alias}: price }`)));
    expect(prices.calls.length).toBeLessThanOrEqual(3);
    expect(answers.flatMap(({ errors }) => errors?.map(({ extensions }) => String(extensions['code'])) ?? []).toSorted()).toEqual([
      'SERVICE_UNAVAILABLE',
      'TIMEOUT',
      'TIMEOUT',
      'TIMEOUT',
    ]);
    expect(ofPrices()).toMatchObject({ notSent: 1 });
  });

  it('is not waited for by a client that has left', async () => {
    const { ask, prices } = await shop(never);
    const leaving = new AbortController();
    prices.turn(() => leaving.abort());
    await ask('{ price }', leaving.signal);
    await prices.givenUp();
    expect(prices.calls).toHaveLength(1);
  });
});

describe('a subgraph that breaks off', () => {
  it('is asked again, and nobody notices', async () => {
    const { ask, prices, ofPrices } = await shop(({ query, n }, response) => (n < 3 ? cutOff : soundly('prices'))({ query, n }, response));
    expect(await ask(BOTH)).toMatchObject({ data: { parcels: [{ name: 'P1', price: 5 }], sound: 'here' } });
    expect(prices.calls).toHaveLength(3);
    expect(ofPrices()).toMatchObject({ retries: 2, state: 'closed' });
  });

  it('is asked three times at most, and then costs its fields', async () => {
    const { ask, prices } = await shop(cutOff);
    expect(await ask(BOTH)).toMatchObject({ data: partial, errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
    expect(prices.calls).toHaveLength(3);
  });

  it('is not told of, nor where it lives', async () => {
    const { ask, prices } = await shop(cutOff);
    const { text } = await ask(BOTH);
    for (const leak of ['127.0.0.1', new URL(prices.url).port, 'prices', 'socket', 'ECONN', 'undici', 'stack'])
      expect(text).not.toContain(leak);
  });

  it('is sent a mutation once: nobody knows what it has done', async () => {
    const { ask, prices } = await shop(cutOff);
    expect(await ask('mutation { pay }')).toMatchObject({ data: { pay: null }, errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
    expect(prices.calls).toHaveLength(1);
  });

  it('is sent repetitions as a share of all calls only', async () => {
    const { ask, prices } = await shop(cutOff, { breakerCalls: 1_000 });
    for (let n = 0; n < 20; n++) await ask('{ price }');
    expect(prices.calls.length).toBeLessThanOrEqual(20 + 10 + 2);
  });

  it('is left alone after a while', async () => {
    const { ask, prices, ofPrices } = await shop(cutOff, { breakerCalls: 5, halfOpenAfterMs: 60_000, retries: 0 });
    while (ofPrices()?.state !== 'open') await ask('{ price }');
    prices.forget();
    expect(await ask(BOTH)).toMatchObject({ data: partial, errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
    expect(prices.calls).toHaveLength(0);
  });

  it('is asked again when it is back', async () => {
    const { ask, prices, ofPrices } = await shop(cutOff, { breakerCalls: 5, halfOpenAfterMs: 50, retries: 0 });
    while (ofPrices()?.state !== 'open') await ask('{ price }');
    prices.turn(soundly('prices'));
    await expect.poll(async () => (await ask('{ price }')).data, soon).toEqual({ price: 7 });
    expect(ofPrices()?.state).toBe('closed');
  });
});

describe('identical queries in flight', () => {
  it('reach a subgraph once', async () => {
    const gate = Promise.withResolvers<void>();
    const { ask, prices, counts } = await shop((call, response) => void gate.promise.then(() => soundly('prices')(call, response)));
    // Of several documents, for an identical one would not even be run.
    const answers = Array.from({ length: 5 }, (_, i) => ask(`{ price } #${i}`));
    await expect.poll(() => counts().shared, soon).toBe(4);
    gate.resolve();
    for (const { data } of await Promise.all(answers)) expect(data).toEqual({ price: 7 });
    expect(prices.calls).toHaveLength(1);
  });
});
