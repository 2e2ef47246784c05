import { createClient, type Client } from 'graphql-ws';
import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type Gateway } from '@shop/gateway';
import { directTransport, httpTransport, type SubgraphTransport } from '@shop/platform/subgraph-transport';
import { TEST_ORDER_SECRET, testGatewayConfig } from '@shop/tests/kit/gateway-config';
import { quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { until } from '@shop/tests/kit/until';
import { startTwoSubgraphs } from './two-subgraphs.js';

describe.each([
  ['compiled', 'in one process'],
  ['compiled', 'over HTTP'],
  ['apollo', 'in one process'],
  ['apollo', 'over HTTP'],
] as const)('the gateway with its %s engine before two subgraphs %s', (engine, form) => {
  const disposables = new AsyncDisposableStack();
  let gateway: Gateway;
  let url: string;

  beforeAll(async () => {
    const { servers, supergraphSdl } = disposables.use(await startTwoSubgraphs());
    const transports = new Map<string, SubgraphTransport>();
    for (const server of servers) {
      const transport =
        form === 'over HTTP'
          ? httpTransport(`http://127.0.0.1:${await server.listen(0)}`, TEST_SECRET)
          : directTransport(server, TEST_SECRET);
      transports.set(server.name, disposables.use(transport));
    }
    gateway = disposables.use(
      await startGateway(
        testGatewayConfig({
          supergraphSdl,
          engine,
          requestTimeoutMs: 2_000,
        }),
        { transports, logger: quietLogger },
      ),
    );
    url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}/graphql`;
    // The first request may wait for the thread that plans.
    await until(async () => (await post('{ carriers }')).data ?? null, { what: 'the first answer' });
  });

  afterAll(() => disposables.disposeAsync());

  const post = async (query: string, variables?: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return {
      status: answer.status,
      ...((await answer.json()) as {
        data?: Record<string, unknown>;
        errors?: { message: string; path?: unknown[]; extensions: Record<string, unknown> }[];
      }),
    };
  };

  it('answers one query over both', async () => {
    expect((await post('query Q($id: ID!) { p: parcel(id: $id) { name carrier } carriers }', { id: '7' })).data).toEqual({
      p: { name: 'Parcel 7', carrier: 'Carrier of 7' },
      carriers: ['Post'],
    });
  });

  it('completes every event of a subscription over both, and ends when the source ends', async () => {
    await using client = socketClient(url);
    const events = [];
    for await (const { data } of client.of.iterate({
      query: 'subscription S($id: ID!) { moved: parcelMoved(id: $id, upTo: 3) { step parcel { name carrier } } }',
      variables: { id: '9' },
    }))
      events.push(data);
    expect(events).toEqual([1, 2, 3].map((step) => ({ moved: { step, parcel: { name: 'Parcel 9', carrier: 'Carrier of 9' } } })));
  });

  it('ends a waiting subscription when the client completes it', async () => {
    await using client = socketClient(url);
    const waiting = client.of.iterate({ query: 'subscription { parcelMoved(id: 1, upTo: 0) { step } }' });
    const next = waiting.next();
    await waiting.return?.();
    expect((await next).done).toBe(true);
  });

  it('answers queries and mutations over the socket too', async () => {
    await using client = socketClient(url);
    const { value } = await client.of.iterate({ query: 'mutation { rename(id: 1, name: "New") { name carrier } }' }).next();
    expect(value.data).toEqual({ rename: { name: 'New', carrier: 'Carrier of 1' } });
  });

  it('costs a slow or failing part only its own fields', async () => {
    const slow = await post('{ parcel(id: 1) { name slow } }');
    expect(slow.data).toEqual({ parcel: { name: 'Parcel 1', slow: null } });
    expect(slow.errors).toHaveLength(1);
    const lost = await post('{ parcel(id: 1) { name lost } }');
    expect(lost).toMatchObject({
      data: { parcel: { name: 'Parcel 1', lost: null } },
      errors: [{ path: ['parcel', 'lost'], extensions: { code: 'NOT_FOUND' } }],
    });
  });

  it('tells nothing of a bug but an id', async () => {
    const { errors } = await post('{ broken }');
    expect(errors).toMatchObject([
      {
        message: 'Something went wrong here.',
        path: ['broken'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) },
      },
    ]);
    expect(JSON.stringify(errors)).not.toContain('hunter2');
  });

  it('refuses a bearer that is not valid and knows an order token', async () => {
    expect(await post('{ viewer }')).toMatchObject({ data: { viewer: 'anonymous' } });
    expect(await post('{ viewer }', {}, { authorization: 'Bearer nonsense' })).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    const token = await new SignJWT({ order: 'o1' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('orders')
      .setAudience('shop')
      .setExpirationTime('1h')
      .sign(createSecretKey(Buffer.from(TEST_ORDER_SECRET)));
    expect(await post('{ viewer }', {}, { authorization: `Bearer ${token}` })).toMatchObject({ data: { viewer: 'order-token' } });
    const forged = await new SignJWT({ order: 'o1' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('orders')
      .setAudience('shop')
      .setExpirationTime('1h')
      .sign(createSecretKey(Buffer.from('another-secret-of-at-least-32-characters')));
    expect((await post('{ viewer }', {}, { authorization: `Bearer ${forged}` })).status).toBe(401);
    await using client = socketClient(url, { authorization: 'Bearer nonsense' });
    await expect(client.of.iterate({ query: '{ viewer }' }).next()).rejects.toMatchObject({ code: 4403 });
  });

  it.each([
    ['31 aliases', `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: carriers`).join(' ')} }`, /31 aliases; 30 are allowed/],
    [
      'aliases hidden in fragments',
      `{ ...f ...f ...f } fragment f on Query { ${Array.from({ length: 11 }, (_, i) => `a${i}: carriers`).join(' ')} }`,
      /33 aliases/,
    ],
    ['2,001 tokens', `{ ${'carriers '.repeat(2_001)} }`, /2000 tokens/],
    ['introspection', '{ __schema { types { name } } }', /introspection/i],
    ['a fragment in itself', '{ ...f } fragment f on Query { ...f }', /itself/],
  ])('judges %s alike on both doors', async (_, query, refusal) => {
    await using client = socketClient(url);
    const overHttp = await post(query);
    const overSocket = await client.of
      .iterate({ query })
      .next()
      .catch((errors: unknown) => ({ value: { errors } }));
    expect(JSON.stringify(overHttp.errors)).toMatch(refusal);
    expect(JSON.stringify(overSocket.value.errors)).toMatch(refusal);
  });

  it('suggests no names to those who may not read the schema', async () => {
    const { errors } = await post('{ carrier }');
    expect(errors?.[0]?.message).toMatch(/Cannot query field "carrier"/);
    expect(JSON.stringify(errors)).not.toContain('Did you mean');
  });

  it.each([
    ['a variable', 'mutation M($name: String!) { rename(id: 1, name: $name) { name } }', { name: 'my card 4242424242424242' }],
    ['a literal', 'mutation { rename(id: 1, name: "4242-4242-4242-4242") { name } }', {}],
  ])('refuses a card number in %s', async (_, query, variables) => {
    expect(await post(query, variables)).toMatchObject({ status: 400, errors: [{ extensions: { code: 'CARD_NUMBER_REFUSED' } }] });
  });

  it('refuses a text that no database can keep, and says where it is', async () => {
    expect(await post('mutation M($name: String!) { rename(id: 1, name: $name) { name } }', { name: 'Ann\0' })).toMatchObject({
      status: 400,
      errors: [{ message: expect.stringContaining('"name"'), extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it('refuses what is too large, not JSON, batched, or could come from a form', async () => {
    const send = (body: string, type = 'application/json') => fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
    expect((await send(JSON.stringify({ query: `{ carriers } #${'x'.repeat(100_000)}` }))).status).toBe(413);
    expect((await send('{')).status).toBe(400);
    expect((await send(JSON.stringify([{ query: '{ carriers }' }]))).status).toBe(400);
    expect((await send('query={carriers}', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await send(JSON.stringify({ query: '{ carriers }' }), 'text/plain')).status).toBe(415);
    expect((await send(JSON.stringify({ query: '{ carriers }' }), 'application/json; charset=utf-7')).status).toBe(415);
    expect((await fetch(`${url}?query={carriers}`)).status).toBe(400);
  });

  it('is a wrong variable, said so with 400', async () => {
    expect(await post('query Q($id: ID!) { parcel(id: $id) { name } }', {})).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it('answers only health while it is asked for nothing else', async () => {
    expect((await fetch(new URL('/health/ready', url))).status).toBe(200);
    expect((await fetch(new URL('/health/live', url))).status).toBe(200);
  });
});

function socketClient(url: string, connectionParams: Record<string, unknown> = {}): { of: Client } & AsyncDisposable {
  const of = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams, retryAttempts: 0, lazy: true });
  return { of, [Symbol.asyncDispose]: async () => of.dispose() };
}
