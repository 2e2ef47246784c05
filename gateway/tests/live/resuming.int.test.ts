import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directTransport, httpTransport } from '@shop/platform/subgraph-transport';
import { freePort } from '@shop/tests/kit/free-port';
import { TEST_SECRET } from '@shop/tests/kit/subgraph';
import { until } from '@shop/tests/kit/until';
import { feedSdl, startFeedServer, startNamesServer } from './feed.js';
import { follow, startBefore, startLiveGateway, type Follower } from './live-gateway.js';

const texts = async (of: Follower, count: number) => {
  const told: unknown[] = [];
  for (let i = 0; i < count; i++) told.push(((await of.data()) as { noted: { text: string } }).noted.text);
  return told;
};

/** Nothing more has been told: what is asked now is answered next. */
async function expectSilence(of: Follower): Promise<void> {
  of.send({ type: 'ping', payload: { still: 'there' } });
  expect(await of.next()).toEqual({ type: 'pong', payload: { still: 'there' } });
}

async function startFeedProcess(port: number): Promise<{ child: ChildProcess } & AsyncDisposable> {
  const child = fork(join(import.meta.dirname, 'feed-process.mjs'), [String(port), feedSdl], { execArgv: [] });
  await once(child, 'message');
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { child, [Symbol.asyncDispose]: kill };
}

describe('a subscription whose subgraph is killed and started again', () => {
  it('goes on after the last event: nothing is missed, nothing told twice, and the client notices nothing', async () => {
    await using stack = new AsyncDisposableStack();
    const port = await freePort();
    const first = stack.use(await startFeedProcess(port));
    const names = await startNamesServer();
    stack.use(names.server);
    const feed = stack.use(httpTransport(`http://127.0.0.1:${port}`, TEST_SECRET));
    const gateway = stack.use(
      await startBefore(
        new Map([
          ['feed', feed],
          ['names', directTransport(names.server, TEST_SECRET)],
        ]),
      ),
    );
    const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}/graphql`;
    const note = (revision: number) => ({ revision, text: `${revision}` });
    for (const revision of [1, 2]) first.child.send(note(revision));
    using client = stack.use(await follow(url, 'subscription { noted(topic: "a") { text parcel { name } } }'));
    expect(await texts(client, 1)).toEqual(['2']);
    first.child.send(note(3));
    expect(await texts(client, 1)).toEqual(['3']);

    await first[Symbol.asyncDispose]();
    const second = stack.use(await startFeedProcess(port));
    for (const revision of [1, 2, 3, 4, 5]) second.child.send(note(revision));
    expect(await texts(client, 2)).toEqual(['4', '5']);
    second.child.send(note(6));
    expect(await texts(client, 1)).toEqual(['6']);
    await expectSilence(client);
  });

  it('goes on in the same way when it was stopped in good order', async () => {
    await using served = await startLiveGateway({}, 'over HTTP');
    served.feed.note('a', '1');
    using client = await follow(served.url, 'subscription { noted(topic: "a") { text } }');
    expect(await texts(client, 1)).toEqual(['1']);
    await served.stopFeed();
    served.feed.note('a', '2');
    await using again = await startFeedServer(served.feed);
    await again.listen(served.port);
    served.feed.note('a', '3');
    expect(await texts(client, 2)).toEqual(['2', '3']);
    await expectSilence(client);
    expect(served.feed.started).toEqual(['noted a after null', 'noted a after 1']);
  });

  it('is told the state anew only where it has changed', async () => {
    await using served = await startLiveGateway({}, 'over HTTP');
    served.feed.level('x', 1);
    using client = await follow(served.url, 'subscription { levelChanged(tanks: ["x", "y"]) { tank value } }');
    expect([await client.data(), await client.data()]).toEqual([
      { levelChanged: { tank: 'x', value: 1 } },
      { levelChanged: { tank: 'y', value: 0 } },
    ]);
    await served.stopFeed();
    served.feed.level('y', 7);
    await using again = await startFeedServer(served.feed);
    await again.listen(served.port);
    expect(await client.data()).toEqual({ levelChanged: { tank: 'y', value: 7 } });
    await expectSilence(client);
  });

  it('is asked for again, and live from then on, where nothing can be resumed', async () => {
    await using served = await startLiveGateway({}, 'over HTTP');
    using client = await follow(served.url, 'subscription { rang(door: "d") { text } }');
    await until(async () => (served.feed.open === 1 ? true : null));
    served.feed.ring('d', 'before');
    expect(await client.data()).toEqual({ rang: { text: 'before' } });
    await served.stopFeed();
    await using again = await startFeedServer(served.feed);
    await again.listen(served.port);
    await until(async () => (served.feed.open === 1 ? true : null));
    served.feed.ring('d', 'after');
    expect(await client.data()).toEqual({ rang: { text: 'after' } });
  });
});

describe('a subscription whose source fails', () => {
  it.each(['in process', 'over HTTP'] as const)('goes on after the last event, %s', async (form) => {
    await using served = await startLiveGateway({}, form);
    served.feed.note('a', '1');
    using client = await follow(served.url, 'subscription { noted(topic: "a", afterRevision: 0) { revision text } }');
    expect(await texts(client, 1)).toEqual(['1']);
    served.feed.fail('noted a');
    await until(async () => (served.feed.open === 0 || served.feed.started.length === 2 ? true : null));
    served.feed.note('a', '2');
    expect(await texts(client, 1)).toEqual(['2']);
    expect(served.feed.started).toEqual(['noted a after 0', 'noted a after 1']);
  });
});

describe('a subscription that cannot be had', () => {
  it('ends with an error that has a code, after some attempts', async () => {
    await using served = await startLiveGateway({}, 'over HTTP');
    await served.stopFeed();
    using client = await follow(served.url, 'subscription { rang(door: "d") { text } }');
    expect(await client.next()).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ extensions: { code: 'SUBSCRIPTION_SOURCE_LOST' } }],
    });
    client.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { rang(door: "d") { text } }' } });
    expect(await client.next()).toMatchObject({ id: '1', type: 'error' });
  });
});
