import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { limitsOf } from '@shop/gateway';
import { until } from '@shop/tests/kit/until';
import { TEST_ORDER_SECRET } from '@shop/tests/kit/gateway-config';
import { openSocket, post, rawSocket, startTestGateway } from './gateway-kit.js';

const unanswered = 'subscription { parcelMoved(id: 1, upTo: 0) { step } }';
const subscribe = (id: string, query = unanswered, variables: object = {}) => ({ type: 'subscribe', id, payload: { query, variables } });

function orderToken(order: string): Promise<string> {
  return new SignJWT({ order })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('orders')
    .setAudience('shop')
    .setExpirationTime('1h')
    .sign(createSecretKey(Buffer.from(TEST_ORDER_SECRET)));
}

describe('sockets', () => {
  it('follow 20 subscriptions at a time, and one more when one has ended', async () => {
    await using served = await startTestGateway();
    using socket = await openSocket(served.url);
    for (let i = 0; i < 21; i++) socket.send(subscribe(`${i}`));
    expect(await socket.next()).toMatchObject({
      id: '20',
      payload: { errors: [{ message: expect.stringContaining('20 subscriptions'), extensions: { code: 'MAX_SUBSCRIPTIONS_LIMIT' } }] },
    });
    expect(await socket.next()).toMatchObject({ id: '20', type: 'complete' });
    socket.send({ type: 'complete', id: '0' });
    socket.send({ type: 'ping' });
    expect(await socket.next()).toMatchObject({ type: 'pong' });
    socket.send(subscribe('21', 'subscription { parcelMoved(id: 1, upTo: 1) { step } }'));
    expect(await socket.next()).toMatchObject({ id: '21', type: 'next', payload: { data: { parcelMoved: { step: 1 } } } });
    expect(served.gateway.limitCounts()).toEqual([{ limit: 'socketSubscriptions', mode: 'enforce', count: 1 }]);
  });

  it('are five of one viewer, and another when one is closed', async () => {
    await using served = await startTestGateway();
    const [own, other] = await Promise.all(['one', 'two'].map(async (order) => ({ authorization: `Bearer ${await orderToken(order)}` })));
    const open = [];
    for (let i = 0; i < 5; i++) open.push(await openSocket(served.url, own));
    await expect(openSocket(served.url, own)).rejects.toMatchObject({ code: 1013 });
    using stranger = await openSocket(served.url, other);
    expect(stranger.socket.readyState).toBe(1);
    open[0]?.socket.close();
    await open[0]?.closed;
    using another = await openSocket(served.url, own);
    expect(another.socket.readyState).toBe(1);
    for (const each of open) each[Symbol.dispose]();
  });

  it('are 20 of one address, which only our own proxy may name', async () => {
    await using served = await startTestGateway({ trustProxy: true });
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    await using stack = new AsyncDisposableStack();
    for (let i = 0; i < 20; i++) stack.use(await rawSocket(served.url, from('192.0.2.1')));
    await expect(rawSocket(served.url, from('192.0.2.1, 10.0.0.1'))).rejects.toThrow('429');
    stack.use(await rawSocket(served.url, from('192.0.2.2')));
    for (let i = 0; i < 20; i++) stack.use(await rawSocket(served.url, from(`2001:db8::${i + 1}`)));
    await expect(rawSocket(served.url, from('2001:db8::ffff'))).rejects.toThrow('429');
    await using direct = await startTestGateway();
    for (let i = 0; i < 20; i++) stack.use(await rawSocket(direct.url, from(`192.0.2.${i}`)));
    await expect(rawSocket(direct.url, from('192.0.2.99'))).rejects.toThrow('429');
  });

  it('are opened to pages of allowed origins', async () => {
    await using served = await startTestGateway({ corsOrigins: ['https://shop.example'] });
    using allowed = await rawSocket(served.url, { origin: 'https://shop.example' });
    expect(allowed.socket.readyState).toBe(1);
    await expect(rawSocket(served.url, { origin: 'https://shop.example.evil.example' })).rejects.toThrow('403');
  });

  it('are dropped when two pings are left unanswered, and live while they answer', async () => {
    await using served = await startTestGateway({ socketTiming: { initTimeoutMs: 3_000, pingIntervalMs: 40 } });
    using alive = await openSocket(served.url);
    using dead = await openSocket(served.url);
    dead.socket.pause();
    const pings = Promise.withResolvers<void>();
    let count = 0;
    alive.socket.on('ping', () => ++count === 6 && pings.resolve());
    await pings.promise;
    dead.socket.resume();
    expect((await dead.closed).code).toBe(1006);
    expect(alive.socket.readyState).toBe(1);
  });

  it('are closed with 1013 when their client does not read its events', async () => {
    await using served = await startTestGateway();
    using socket = await openSocket(served.url);
    using other = await openSocket(served.url);
    socket.socket.pause();
    const query = 'subscription S($id: ID!) { parcelMoved(id: $id, upTo: 2000) { step parcel { id name } } }';
    socket.send(subscribe('1', query, { id: 'x'.repeat(60_000) }));
    await until(async () => (served.gateway.limitCounts().length > 0 ? true : null), { what: 'a full queue' });
    expect((await post(served.url, { query: '{ carriers }' })).status).toBe(200);
    other.send({ type: 'ping' });
    expect(await other.next()).toMatchObject({ type: 'pong' });
    socket.socket.resume();
    expect(await socket.closed).toMatchObject({ code: 1013 });
  });
});

describe('a limit that is enforced', () => {
  it('is counted also where libraries keep it', async () => {
    await using served = await startTestGateway();
    const long = await post(served.url, { query: `{ ${'carriers '.repeat(2_001)} }` });
    expect(long).toMatchObject({ status: 400, errors: [{ extensions: { code: 'MAX_TOKENS_LIMIT' } }] });
    using socket = await openSocket(served.url);
    socket.send(subscribe('1', `{ carriers } # ${'x'.repeat(70_000)}`));
    expect((await socket.closed).code).toBe(1009);
    const counts = Object.fromEntries(served.gateway.limitCounts().map(({ limit, count }) => [limit, count]));
    expect(counts).toEqual({ tokens: 1, frameBytes: 1 });
  });
});

describe('a limit that is only measured', () => {
  it('lets everything through, and counts it', async () => {
    await using served = await startTestGateway({
      limits: limitsOf('measure', { viewerSockets: 1, frameBytes: 1_000, responseBytes: 5_000, requestBytes: 1_000, tokens: 10 }),
    });
    const dear = '{ parcels(first: 3) { siblings { siblings { siblings { name } } } } }';
    expect((await post(served.url, { query: `${dear} # ${'x'.repeat(2_000)}` })).status).toBe(200);
    expect((await post(served.url, { query: '{ long(bytes: 6000) }' })).data?.['long']).toHaveLength(6_000);
    using socket = await openSocket(served.url);
    socket.send(subscribe('1', `${dear} # ${'y'.repeat(2_000)}`));
    expect(await socket.next()).toMatchObject({ type: 'next' });
    const counts = Object.fromEntries(served.gateway.limitCounts().map(({ limit, count }) => [limit, count]));
    expect(counts).toMatchObject({ cost: 2, tokens: 2, requestBytes: 1, frameBytes: 1, responseBytes: 1 });
    expect(new Set(served.gateway.limitCounts().map(({ mode }) => mode))).toEqual(new Set(['measure']));
  });

  it('is not even counted when it is off', async () => {
    await using served = await startTestGateway({ limits: limitsOf('off') });
    const query = `{ ${Array.from({ length: 2_500 }, (_, i) => `a${i}: viewer`).join(' ')} }`;
    expect((await post(served.url, { query })).status).toBe(200);
    expect(served.gateway.limitCounts()).toEqual([]);
  });
});
