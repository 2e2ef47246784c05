import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSocket, rawSocket, startTestGateway, type RawSocket, type TestGateway } from '../gateway-kit.js';
import { orderToken } from '../live/order-token.js';

let served: TestGateway;
beforeAll(async () => {
  served = await startTestGateway();
});
afterAll(() => served[Symbol.asyncDispose]());

const subscribe = (id = '1', query = '{ viewer }') => ({ type: 'subscribe', id, payload: { query } });
const viewer = async (socket: RawSocket) => {
  socket.send(subscribe());
  return (await socket.next()).payload;
};

describe('a handshake', () => {
  it('of another subprotocol is closed with 4406', async () => {
    using socket = await rawSocket(served.url, { protocol: 'graphql-ws' });
    expect((await socket.closed).code).toBe(4406);
  });

  it('may offer others beside ours', async () => {
    using socket = await rawSocket(served.url, { protocol: ['graphql-ws', 'graphql-transport-ws'] });
    expect(socket.socket.protocol).toBe('graphql-transport-ws');
  });

  it('at another path is not answered', async () => {
    await expect(rawSocket(served.url.replace('/graphql', '/elsewhere'))).rejects.toThrow('socket hang up');
  });
});

describe('connection_init', () => {
  it('is acknowledged', async () => {
    using socket = await rawSocket(served.url);
    socket.send({ type: 'connection_init' });
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
  });

  it('that does not come in time closes with 4408', async () => {
    await using impatient = await startTestGateway({ socketTiming: { initTimeoutMs: 50 } });
    using socket = await rawSocket(impatient.url);
    expect((await socket.closed).code).toBe(4408);
  });

  it('that comes twice closes with 4429, also while the first is looked at', async () => {
    using late = await openSocket(served.url);
    late.send({ type: 'connection_init' });
    expect((await late.closed).code).toBe(4429);
    using early = await rawSocket(served.url);
    for (let i = 0; i < 2; i++) early.send({ type: 'connection_init' });
    expect((await early.closed).code).toBe(4429);
  });

  it.each([
    ['authorization', (bearer: string) => ({ authorization: bearer })],
    ['Authorization', (bearer: string) => ({ Authorization: bearer })],
    ['headers.authorization', (bearer: string) => ({ headers: { authorization: bearer } })],
    ['headers.Authorization', (bearer: string) => ({ headers: { Authorization: bearer } })],
  ])('brings the credential as %s', async (_, payload) => {
    using socket = await openSocket(served.url, payload(`Bearer ${await orderToken('a')}`));
    expect(await viewer(socket)).toEqual({ data: { viewer: 'order-token' } });
  });

  it('without a credential is of nobody', async () => {
    using socket = await openSocket(served.url, { client: 'web' });
    expect(await viewer(socket)).toEqual({ data: { viewer: 'anonymous' } });
  });

  it.each([{ authorization: 'Bearer wrong.token.here' }, { authorization: 7 }, { headers: 'none' }])(
    'with %j closes with 4403',
    async (payload) => {
      using socket = await rawSocket(served.url);
      socket.send({ type: 'connection_init', payload });
      expect((await socket.closed).code).toBe(4403);
    },
  );

  it('has to come before the first subscribe, or else 4401', async () => {
    using before = await rawSocket(served.url);
    before.send(subscribe());
    expect((await before.closed).code).toBe(4401);
    using hasty = await rawSocket(served.url);
    hasty.send({ type: 'connection_init', payload: { authorization: `Bearer ${await orderToken('b')}` } });
    hasty.send(subscribe());
    expect((await hasty.closed).code).toBe(4401);
  });
});

describe('a message', () => {
  it.each([
    ['that is not JSON', 'hello'],
    ['that is no object', '[]'],
    ['without a type', '{"id":"1"}'],
    ['of an unknown type', '{"type":"start","id":"1","payload":{"query":"{ viewer }"}}'],
    ['that only servers send', '{"type":"connection_ack"}'],
    ['to subscribe without an id', '{"type":"subscribe","payload":{"query":"{ viewer }"}}'],
    ['to subscribe with an empty id', '{"type":"subscribe","id":"","payload":{"query":"{ viewer }"}}'],
    ['to subscribe without a payload', '{"type":"subscribe","id":"1"}'],
    ['to subscribe to something other than text', '{"type":"subscribe","id":"1","payload":{"query":1}}'],
    ['to complete nothing in particular', '{"type":"complete"}'],
    ['whose payload is no object', '{"type":"ping","payload":"x"}'],
  ])('%s closes with 4400', async (_, text) => {
    using socket = await openSocket(served.url);
    socket.socket.send(text);
    expect((await socket.closed).code).toBe(4400);
  });

  it('in binary closes with 4400', async () => {
    using socket = await openSocket(served.url);
    socket.socket.send(Buffer.from('{"type":"ping"}'), { binary: true });
    expect((await socket.closed).code).toBe(4400);
  });

  it('of more than 64 kB closes with 1009', async () => {
    using socket = await openSocket(served.url);
    socket.send({ type: 'ping', payload: { x: 'x'.repeat(64_001) } });
    expect((await socket.closed).code).toBe(1009);
  });
});

describe('ping and pong', () => {
  it('are answered with what they brought, before and after the acknowledgement', async () => {
    using socket = await rawSocket(served.url);
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
    socket.send({ type: 'connection_init' });
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
    socket.send({ type: 'ping', payload: { n: 1 } });
    expect(await socket.next()).toEqual({ type: 'pong', payload: { n: 1 } });
  });

  it('may come unasked', async () => {
    using socket = await openSocket(served.url);
    socket.send({ type: 'pong', payload: { n: 1 } });
    expect(await viewer(socket)).toEqual({ data: { viewer: 'anonymous' } });
  });

  it('of the WebSocket itself are answered too', async () => {
    using socket = await openSocket(served.url);
    const answered = new Promise((resolve) => socket.socket.once('pong', (data: Buffer) => resolve(data.toString())));
    socket.socket.ping('there?');
    expect(await answered).toBe('there?');
  });
});
