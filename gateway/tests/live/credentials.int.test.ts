import { describe, expect, it } from 'vitest';
import { until } from '@shop/tests/kit/until';
import { directTransport } from '@shop/platform/subgraph-transport';
import { TEST_SECRET } from '@shop/tests/kit/subgraph';
import { openSocket } from '../gateway-kit.js';
import { startSignedViewers } from '../signed-viewers.js';
import { follow, startLiveGateway } from './live-gateway.js';
import { orderToken } from './order-token.js';

const query = 'subscription { noted(topic: "a") { text viewer } }';
const bearer = async (order: string, expires?: Date) => ({ authorization: `Bearer ${await orderToken(order, expires)}` });
const inMs = (ms: number) => new Date(Date.now() + ms);

describe('a token that expires', () => {
  it('closes its socket with 4403', async () => {
    await using served = await startLiveGateway();
    using socket = await follow(served.url, query, {}, await bearer('a', inMs(3_000)));
    expect(await socket.closed).toEqual({ code: 4403, reason: 'Token expired' });
    await until(async () => (served.feed.open === 0 ? true : null));
  });

  it('is followed by a newer one, which comes with a ping; the subscription goes on', async () => {
    await using served = await startLiveGateway();
    served.feed.note('a', '1');
    using socket = await follow(served.url, query, {}, await bearer('a', inMs(5_000)));
    expect(await socket.data()).toEqual({ noted: { text: '1', viewer: 'order-token' } });
    const later = inMs(3_600_000);
    socket.send({ type: 'ping', payload: await bearer('a', later) });
    expect(await socket.next()).toEqual({
      type: 'pong',
      payload: { expiresAt: new Date(Math.floor(later.getTime() / 1000) * 1000).toISOString() },
    });
    using other = await openSocket(served.url, await bearer('b', inMs(5_000)));
    expect(await other.closed).toMatchObject({ code: 4403 });
    served.feed.note('a', '2');
    expect(await socket.data()).toEqual({ noted: { text: '2', viewer: 'order-token' } });
    expect(served.feed.started).toHaveLength(1);
  });
});

describe('a token with other rights', () => {
  it('takes its subscription along to a stream of those rights: nothing is missed, nothing told twice', async () => {
    await using viewers = await startSignedViewers();
    const users = new Map([['users', directTransport(viewers.users, TEST_SECRET)]]);
    await using served = await startLiveGateway({}, 'in process', users);
    served.feed.note('a', '1');
    using one = await follow(served.url, query, {}, { authorization: await viewers.bearer() });
    using other = await follow(served.url, query, {}, { authorization: await viewers.bearer() });
    for (const each of [one, other]) expect(await each.data()).toMatchObject({ noted: { text: '1' } });
    expect(served.feed.started).toEqual(['noted a after null']);
    one.send({ type: 'ping', payload: { authorization: await viewers.bearer('orders:read') } });
    expect(await one.next()).toMatchObject({ type: 'pong', payload: { expiresAt: expect.any(String) } });
    served.feed.note('a', '2');
    for (const each of [one, other]) expect(await each.data()).toMatchObject({ noted: { text: '2' } });
    expect(served.feed.started).toEqual(['noted a after null', 'noted a after 1']);
  });
});

describe('a ping with a token', () => {
  it.each([
    ['of somebody else', () => bearer('b'), 'A socket stays with one viewer'],
    ['that is not valid', async () => ({ authorization: 'Bearer no.such.token' }), 'Forbidden'],
  ])('%s closes the socket with 4403', async (_, credential, reason) => {
    await using served = await startLiveGateway();
    using socket = await follow(served.url, query, {}, await bearer('a'));
    socket.send({ type: 'ping', payload: await credential() });
    expect(await socket.closed).toEqual({ code: 4403, reason });
  });

  it('does not make somebody of nobody', async () => {
    await using served = await startLiveGateway();
    using socket = await openSocket(served.url);
    socket.send({ type: 'ping', payload: await bearer('a') });
    expect(await socket.closed).toMatchObject({ code: 4403 });
  });
});

describe('a gateway that ends', () => {
  it('closes its sockets with 1001, lets nobody in, and answers the queries that run', async () => {
    const served = await startLiveGateway({ socketTiming: { drainSpreadMs: 50 } });
    using follower = await follow(served.url, query);
    using asking = await openSocket(served.url);
    await until(async () => (served.feed.open === 1 ? true : null));
    const answering = Promise.withResolvers<void>();
    served.feed.held = answering.promise;
    asking.send({ type: 'subscribe', id: 'q', payload: { query: '{ topics }' } });
    await until(async () => (served.feed.asked === 1 ? true : null));
    const ended = served[Symbol.asyncDispose]();
    expect(await follower.closed).toEqual({ code: 1001, reason: 'Going away' });
    await expect(openSocket(served.url)).rejects.toThrow('503');
    answering.resolve();
    expect(await asking.next()).toMatchObject({ id: 'q', type: 'next', payload: { data: { topics: [] } } });
    expect(await asking.closed).toEqual({ code: 1001, reason: 'Going away' });
    await ended;
  });
});
