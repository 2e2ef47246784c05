import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@shop/tests/kit/until';
import { openSocket, startTestGateway, type RawSocket, type TestGateway } from '../gateway-kit.js';
import { follow, startLiveGateway } from '../live/live-gateway.js';

let served: TestGateway;
beforeAll(async () => {
  served = await startTestGateway();
});
afterAll(() => served[Symbol.asyncDispose]());

const subscribe = (id: string, query: string, more: object = {}) => ({ type: 'subscribe', id, payload: { query, ...more } });
const moves = (upTo: number) => `subscription { parcelMoved(id: 1, upTo: ${upTo}) { step } }`;
const step = (id: string, n: number) => ({ id, type: 'next', payload: { data: { parcelMoved: { step: n } } } });

/** So many messages, in order. */
async function messages(socket: RawSocket, count: number): Promise<unknown[]> {
  const told: unknown[] = [];
  for (let i = 0; i < count; i++) told.push(await socket.next());
  return told;
}

describe('an operation', () => {
  it('that is a subscription is told event by event, and completed', async () => {
    using socket = await openSocket(served.url);
    socket.send(subscribe('s', moves(2)));
    expect(await messages(socket, 3)).toEqual([step('s', 1), step('s', 2), { id: 's', type: 'complete' }]);
  });

  it('that is a query is answered once, and completed', async () => {
    using socket = await openSocket(served.url);
    socket.send(subscribe('q', 'query Q($id: ID!) { parcel(id: $id) { name carrier } }', { variables: { id: '3' }, operationName: 'Q' }));
    expect(await messages(socket, 2)).toEqual([
      { id: 'q', type: 'next', payload: { data: { parcel: { name: 'Parcel 3', carrier: 'Carrier of 3' } } } },
      { id: 'q', type: 'complete' },
    ]);
  });

  it('that is a mutation too', async () => {
    using socket = await openSocket(served.url);
    socket.send(subscribe('m', 'mutation { rename(id: 1, name: "Box") { name } }'));
    expect(await messages(socket, 2)).toEqual([
      { id: 'm', type: 'next', payload: { data: { rename: { name: 'Box' } } } },
      { id: 'm', type: 'complete' },
    ]);
  });

  it('is one of many on a socket, each under its id', async () => {
    using socket = await openSocket(served.url);
    for (const id of ['a', 'b', 'c']) socket.send(subscribe(id, moves(2)));
    socket.send(subscribe('q', '{ carriers }'));
    const told = (await messages(socket, 11)) as { id: string; type: string; payload?: unknown }[];
    for (const id of ['a', 'b', 'c'])
      expect(told.filter((message) => message.id === id)).toEqual([step(id, 1), step(id, 2), { id, type: 'complete' }]);
    expect(told.filter(({ id }) => id === 'q')).toHaveLength(2);
  });

  it('may have any text for an id', async () => {
    using socket = await openSocket(served.url);
    const id = '"},\n{"ü';
    socket.send(subscribe(id, '{ carriers }'));
    expect(await messages(socket, 2)).toMatchObject([
      { id, type: 'next' },
      { id, type: 'complete' },
    ]);
  });

  it('of an id that is taken closes with 4409, query or subscription', async () => {
    for (const query of [moves(0), '{ parcel(id: 1) { slow } }']) {
      using socket = await openSocket(served.url);
      for (let i = 0; i < 2; i++) socket.send(subscribe('1', query));
      expect((await socket.closed).code).toBe(4409);
    }
  });

  it('may take an id again that is completed', async () => {
    using socket = await openSocket(served.url);
    for (let i = 0; i < 3; i++) {
      socket.send(subscribe('1', '{ carriers }'));
      expect(await messages(socket, 2)).toMatchObject([{ type: 'next' }, { type: 'complete' }]);
    }
  });

  it('that its client completes tells nothing more, and its id is free', async () => {
    using socket = await openSocket(served.url);
    socket.send(subscribe('1', moves(0)));
    socket.send({ type: 'complete', id: '1' });
    socket.send(subscribe('1', moves(1)));
    expect(await messages(socket, 2)).toEqual([step('1', 1), { id: '1', type: 'complete' }]);
  });

  it('that nobody knows may be completed', async () => {
    using socket = await openSocket(served.url);
    socket.send({ type: 'complete', id: 'none' });
    socket.send(subscribe('q', '{ carriers }'));
    expect(await socket.next()).toMatchObject({ id: 'q', type: 'next' });
  });
});

describe('what is wrong with an operation', () => {
  it.each([
    ['a syntax error', '{ carriers', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { parcelMoved(id: 1, upTo: 1) { nothing } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'two root fields',
      `subscription { a: parcelMoved(id: 1, upTo: 1) { step } b: parcelMoved(id: 2, upTo: 1) { step } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['several operations and no name', 'query A { carriers } query B { carriers }', 'OPERATION_RESOLUTION_FAILURE'],
    ['too much of it', `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: carriers`).join(' ')} }`, 'MAX_ALIASES_LIMIT'],
  ])('%s: is an error message that ends it, and the socket goes on', async (_, query, code) => {
    using socket = await openSocket(served.url);
    socket.send(subscribe('1', query));
    const { payload, ...message } = await socket.next();
    expect(message).toEqual({ id: '1', type: 'error' });
    expect(payload).toContainEqual(expect.objectContaining({ message: expect.any(String), extensions: { code } }));
    socket.send(subscribe('1', '{ carriers }'));
    expect(await socket.next()).toMatchObject({ id: '1', type: 'next' });
  });

  it('a name that the document does not have', async () => {
    using socket = await openSocket(served.url);
    socket.send(subscribe('1', 'query A { carriers }', { operationName: 'B' }));
    expect(await socket.next()).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }],
    });
  });

  it.each(['query($id: ID!) { parcel(id: $id) { name } }', 'subscription($id: ID!) { parcelMoved(id: $id, upTo: 1) { step } }'])(
    'a variable that is missing is told as the result: %s',
    async (query) => {
      using socket = await openSocket(served.url);
      socket.send(subscribe('1', query));
      expect(await messages(socket, 2)).toMatchObject([
        { id: '1', type: 'next', payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] } },
        { id: '1', type: 'complete' },
      ]);
    },
  );

  it('a field that fails is null in its result, with an error that tells no secret', async () => {
    using socket = await openSocket(served.url);
    socket.send(subscribe('1', '{ broken carriers }'));
    const { payload } = await socket.next();
    expect(payload).toMatchObject({ data: { broken: null, carriers: ['Post'] }, errors: [{ path: ['broken'] }] });
    expect(JSON.stringify(payload)).not.toContain('hunter2');
  });
});

describe('a connection that breaks', () => {
  const ticked = 'subscription { ticked(topic: "a") { text } }';

  it('on the client’s side frees everything behind it', async () => {
    await using live = await startLiveGateway({}, 'over HTTP');
    using socket = await follow(live.url, ticked);
    await until(async () => (live.feed.open === 1 ? true : null));
    (socket.socket as unknown as { _socket: { resetAndDestroy(): void } })._socket.resetAndDestroy();
    await until(async () => (live.feed.open === 0 ? true : null));
    expect(live.gateway.liveCounts()).toEqual({ sources: 0, shapes: 0, clients: 0 });
  });

  it('on the subgraph’s side is not the client’s', async () => {
    await using live = await startLiveGateway({}, 'over HTTP');
    using socket = await follow(live.url, ticked);
    await until(async () => (live.feed.open === 1 ? true : null));
    live.cutFeed();
    await until(async () => (live.feed.started.length === 2 && live.feed.open === 1 ? true : null));
    live.feed.tick('a', 'on');
    expect(await socket.data()).toEqual({ ticked: { text: 'on' } });
  });

  it('in good order frees everything too, and queries under way are not answered', async () => {
    await using live = await startLiveGateway();
    using socket = await follow(live.url, ticked);
    await until(async () => (live.feed.open === 1 ? true : null));
    socket.socket.close(1000);
    expect((await socket.closed).code).toBe(1000);
    await until(async () => (live.feed.open === 0 ? true : null));
  });
});
