import { describe, expect, it } from 'vitest';
import { limitsOf } from '@shop/gateway';
import { until } from '@shop/tests/kit/until';
import { follow, startLiveGateway } from './live-gateway.js';
import { orderToken } from './order-token.js';

const noted = 'subscription($t: ID!) { noted(topic: $t) { text parcel { name } } }';
const note = (text: string, topic = 'a') => ({ noted: { text, parcel: { name: `Parcel ${topic}` } } });

describe('clients who ask alike', () => {
  it('share one stream, and every event is completed once for all of them', async () => {
    await using served = await startLiveGateway();
    served.feed.note('a', 'first');
    using one = await follow(served.url, noted, { t: 'a' });
    expect(await one.data()).toEqual(note('first'));
    const asked = served.asked.length;
    using two = await follow(served.url, noted, { t: 'a' });
    using three = await follow(served.url, noted, { t: 'a' });
    expect([await two.data(), await three.data()]).toEqual([note('first'), note('first')]);
    served.feed.note('a', 'second');
    expect(await Promise.all([one.data(), two.data(), three.data()])).toEqual([note('second'), note('second'), note('second')]);
    expect(served.feed.started).toEqual(['noted a after null']);
    expect(served.asked.length - asked).toBe(1);
  });

  it('share the stream also where they want other parts of its events', async () => {
    await using served = await startLiveGateway();
    using one = await follow(served.url, 'subscription A($t: ID!) { ticked(topic: $t) { text parcel { name } } }', { t: 'a' });
    using two = await follow(served.url, 'subscription B($t: ID!) { ticked(topic: $t) { text parcel { name } } }', { t: 'a' });
    using other = await follow(served.url, 'subscription($t: ID!) { ticked(topic: $t) { text parcel { called: name } } }', { t: 'a' });
    await until(async () => (served.gateway.liveCounts().clients === 3 ? true : null));
    served.feed.tick('a', 'x');
    const told = { ticked: { text: 'x', parcel: { name: 'Parcel a' } } };
    expect(await Promise.all([one.data(), two.data(), other.data()])).toEqual([
      told,
      told,
      { ticked: { text: 'x', parcel: { called: 'Parcel a' } } },
    ]);
    expect(served.gateway.liveCounts()).toEqual({ sources: 1, shapes: 3, clients: 3 });
    expect(served.feed.started).toEqual(['ticked a']);
  });

  it('do not share when they are different viewers', async () => {
    await using served = await startLiveGateway();
    const query = 'subscription { noted(topic: "a") { text viewer } }';
    const [a, b] = await Promise.all(['a', 'b'].map(async (order) => ({ authorization: `Bearer ${await orderToken(order)}` })));
    served.feed.note('a', 'x');
    using anonymous = await follow(served.url, query);
    using one = await follow(served.url, query, {}, a);
    using two = await follow(served.url, query, {}, b);
    expect(await anonymous.data()).toEqual({ noted: { text: 'x', viewer: 'anonymous' } });
    for (const each of [one, two]) expect(await each.data()).toEqual({ noted: { text: 'x', viewer: 'order-token' } });
    expect(served.feed.started).toHaveLength(3);
  });

  it('leave the stream to the others, and the last one closes it', async () => {
    await using served = await startLiveGateway();
    using one = await follow(served.url, noted, { t: 'a' });
    using two = await follow(served.url, noted, { t: 'a' });
    await until(async () => (served.gateway.liveCounts().clients === 2 ? true : null));
    one.send({ type: 'complete', id: '1' });
    await until(async () => (served.gateway.liveCounts().clients === 1 ? true : null));
    served.feed.note('a', 'on');
    expect(await two.data()).toEqual(note('on'));
    two.socket.terminate();
    await until(async () => (served.feed.open === 0 ? true : null));
    expect(served.gateway.liveCounts()).toEqual({ sources: 0, shapes: 0, clients: 0 });
  });
});

describe('somebody who joins a stream', () => {
  it('is told the newest state of each thing', async () => {
    await using served = await startLiveGateway();
    const levels = 'subscription { levelChanged(tanks: ["x", "y"]) { tank value } }';
    using one = await follow(served.url, levels);
    await one.data();
    await one.data();
    served.feed.level('x', 5);
    expect(await one.data()).toEqual({ levelChanged: { tank: 'x', value: 5 } });
    using late = await follow(served.url, levels);
    const both = [await late.data(), await late.data()];
    expect(both).toEqual(expect.arrayContaining([{ levelChanged: { tank: 'x', value: 5 } }, { levelChanged: { tank: 'y', value: 0 } }]));
    expect(served.feed.started).toHaveLength(1);
  });

  it('is told nothing that has passed', async () => {
    await using served = await startLiveGateway();
    const rang = 'subscription { rang(door: "d") { text } }';
    using one = await follow(served.url, rang);
    await until(async () => (served.feed.open === 1 ? true : null));
    served.feed.ring('d', 'early');
    expect(await one.data()).toEqual({ rang: { text: 'early' } });
    using late = await follow(served.url, rang);
    await until(async () => (served.gateway.liveCounts().clients === 2 ? true : null));
    served.feed.ring('d', 'now');
    expect(await late.data()).toEqual({ rang: { text: 'now' } });
    expect(served.feed.started).toHaveLength(1);
  });

  it('is told all events after the one it names', async () => {
    await using served = await startLiveGateway();
    for (const text of ['1', '2', '3']) served.feed.note('a', text);
    const after = 'subscription { noted(topic: "a", afterRevision: 1) { text } }';
    using one = await follow(served.url, after);
    using two = await follow(served.url, after);
    for (const each of [one, two])
      expect([await each.data(), await each.data()]).toEqual([{ noted: { text: '2' } }, { noted: { text: '3' } }]);
    expect(served.feed.started).toEqual(['noted a after 1']);
  });

  it('gets a stream of its own where nothing is known of how to join', async () => {
    await using served = await startLiveGateway();
    const ticked = 'subscription { ticked(topic: "a") { text } }';
    using one = await follow(served.url, ticked);
    await until(async () => (served.feed.open === 1 ? true : null));
    served.feed.tick('a', '1');
    expect(await one.data()).toEqual({ ticked: { text: '1' } });
    using late = await follow(served.url, ticked);
    await until(async () => (served.feed.open === 2 ? true : null));
    served.feed.tick('a', '2');
    for (const each of [one, late]) expect(await each.data()).toEqual({ ticked: { text: '2' } });
  });
});

describe('one of many', () => {
  it('whose part of an event fails, leaves the others theirs', async () => {
    await using served = await startLiveGateway({ requestTimeoutMs: 1_000 });
    using fine = await follow(served.url, noted, { t: 'a' });
    using failing = await follow(served.url, 'subscription { noted(topic: "a") { text parcel { slow } } }');
    await until(async () => (served.gateway.liveCounts().clients === 2 ? true : null));
    for (const text of ['1', '2', '3']) served.feed.note('a', text);
    expect([await fine.data(), await fine.data(), await fine.data()]).toEqual([note('1'), note('2'), note('3')]);
    expect(failing.socket.readyState).toBe(1);
  });

  it('who does not read is told the newest state afterwards, and holds up nobody', async () => {
    await using served = await startLiveGateway({ limits: limitsOf('enforce', { socketQueue: 20 }) });
    const levels = 'subscription { levelChanged(tanks: ["x"]) { tank value } }';
    using slow = await follow(served.url, levels);
    using fine = await follow(served.url, levels);
    expect(await slow.data()).toEqual(await fine.data());
    slow.socket.pause();
    for (let value = 1; value <= 20_000; value++) {
      served.feed.level('x', value);
      if (value % 100 === 0) expect(await newest(fine, value)).toBe(value);
    }
    slow.socket.resume();
    expect(await newest(slow, 20_000)).toBe(20_000);
    expect(served.gateway.limitCounts()).toEqual([]);
  });
});

async function newest(of: Awaited<ReturnType<typeof follow>>, value: number): Promise<number> {
  for (;;) {
    const { levelChanged } = (await of.data()) as { levelChanged: { value: number } };
    if (levelChanged.value === value) return value;
  }
}
