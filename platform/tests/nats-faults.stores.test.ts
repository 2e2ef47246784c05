import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { natsBus, type NatsBus, type NatsBusOptions } from '@shop/platform/nats-bus';
import { GROUP } from '@shop/platform/nats-streams';
import { ownServers, type Servers } from '@shop/tests/kit/stores-folder';
import { quietLogger } from '@shop/tests/kit/subgraph';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COUNTED, eventOf, eventually, numberOf, recorder } from './event-bus.contract.js';

let servers: Servers<'nats'>;
let prefix: string;
let opened: NatsBus[];

beforeAll(async () => {
  servers = await ownServers(['nats']);
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(() => {
  prefix = `t-${randomUUID()}`;
  opened = [];
});
afterEach(async () => {
  servers.resume('nats');
  await Promise.all(opened.map((bus) => bus[Symbol.asyncDispose]()));
});

/** One process's bus; all of a test are on the same streams. */
function bus(options: Partial<NatsBusOptions> = {}): NatsBus {
  const made = natsBus({
    url: servers.urls.nats,
    name: 'tests',
    logger: quietLogger,
    prefix,
    maxBytes: 2 ** 24,
    backoffMs: [1],
    ...options,
  });
  opened.push(made);
  return made;
}

async function connectedBus(options: Partial<NatsBusOptions> = {}): Promise<NatsBus> {
  const made = bus(options);
  await made.connected(AbortSignal.timeout(20_000));
  return made;
}

const fiveNumbers = [0, 1, 2, 3, 4];
const fiveOf = (aggregateId: string) => fiveNumbers.map((n) => eventOf(aggregateId, n));

/** A process of the consumer `twins` that has these events in hand and never answers for them. */
async function holderOf(events: readonly ReturnType<typeof eventOf>[], sender: NatsBus): Promise<NatsConnection> {
  const holder = await connect({ servers: servers.urls.nats });
  const inHand: number[] = [];
  const source = await jetstream(holder).consumers.get(`${prefix}-tests`, 'twins');
  await source.consume({ group: GROUP, callback: ({ seq }) => void inHand.push(seq) });
  for (const event of events) await sender.publish(event);
  await eventually(() => expect(inHand).toHaveLength(events.length));
  return holder;
}

describe('two processes of one service', () => {
  it('share the events between them: each event once, in order', async () => {
    const [one, two, sender] = [await connectedBus(), await connectedBus(), await connectedBus()];
    const handled: { n: unknown; aggregateId: string }[] = [];
    const into = async (event: ReturnType<typeof eventOf>) => void handled.push({ n: numberOf(event), aggregateId: event.aggregateId });
    for (const process of [one, two]) process.consume({ name: 'twins', types: [COUNTED], handle: into, park: async () => undefined });
    await Promise.all(
      Array.from({ length: 20 }, async (_, lane) => {
        for (const event of fiveOf(`a${lane}`)) await sender.publish(event);
      }),
    );
    await eventually(() => expect(handled).toHaveLength(100));
    for (let lane = 0; lane < 20; lane++) {
      expect(handled.filter(({ aggregateId }) => aggregateId === `a${lane}`).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
    }
  });

  it('take over at once from one that ends, which finishes what it handles and gives back the rest', async () => {
    const [one, two] = [await connectedBus({ concurrency: 1 }), await connectedBus()];
    const first = holding('twins');
    const second = recorder('twins', [COUNTED]);
    const delivery = one.consume(first.consumer);
    for (const event of fiveOf('a')) await two.publish(event);
    await eventually(() => expect(first.started).toEqual([0]));
    two.consume(second.consumer);
    const ended = delivery[Symbol.asyncDispose]();
    first.release();
    await ended;
    await eventually(() => expect([first.started, second.numbers()]).toEqual([[0], [1, 2, 3, 4]]));
  });

  it('keep the order when one dies with events in hand: later ones wait until those are delivered again', async () => {
    const heir = await connectedBus({ ackWaitMs: 3_000, goneAfterMs: 2_000 });
    const seen = recorder('twins', [COUNTED]);
    await heir.consume(seen.consumer)[Symbol.asyncDispose]();
    const dying = await holderOf(fiveOf('a').slice(0, 3), heir);
    heir.consume(seen.consumer);
    await dying.close();
    for (const event of fiveOf('a').slice(3)) await heir.publish(event);
    await eventually(() => expect(seen.handled).toHaveLength(5));
    expect(seen.numbers()).toEqual([0, 1, 2, 3, 4]);
  });

  it.each(['itself', 'another'] as const)('go on when the one that waits for such events loses its turn, to %s', async (successor) => {
    const timing = { ackWaitMs: 3_000, goneAfterMs: 2_000 };
    const [heir, other] = [await connectedBus(timing), await connectedBus(timing)];
    const seen = recorder('twins', [COUNTED]);
    await heir.consume(seen.consumer)[Symbol.asyncDispose]();
    const dying = await holderOf(fiveOf('a').slice(0, 3), heir);
    heir.consume(seen.consumer);
    await dying.close();
    for (const event of fiveOf('a').slice(3)) await heir.publish(event);
    const looking = await connect({ servers: servers.urls.nats });
    const { consumers } = await jetstreamManager(looking);
    await eventually(async () => expect((await consumers.info(`${prefix}-tests`, 'twins')).num_ack_pending).toBe(5));
    if (successor === 'another') other.consume(seen.consumer);
    await consumers.unpin(`${prefix}-tests`, 'twins', GROUP);
    await heir.publish(eventOf('a', 5));
    await eventually(() => expect(seen.handled).toHaveLength(6));
    expect(seen.numbers()).toEqual([0, 1, 2, 3, 4, 5]);
    await looking.close();
  });

  it('get every event both, where each keeps its own state', async () => {
    const [one, two] = [await connectedBus(), await connectedBus()];
    const both = [recorder('mirror', [COUNTED]), recorder('mirror', [COUNTED])] as const;
    one.consume({ ...both[0].consumer, everywhere: true });
    two.consume({ ...both[1].consumer, everywhere: true });
    for (const event of fiveOf('a')) await one.publish(event);
    await eventually(() => expect(both.map(({ numbers }) => numbers())).toEqual([fiveNumbers, fiveNumbers]));
  });

  it('leave nothing at the broker when one ends that keeps its own state', async () => {
    const one = await connectedBus();
    const seen = recorder('mirror', [COUNTED]);
    const delivery = one.consume({ ...seen.consumer, everywhere: true });
    await one.publish(eventOf('a', 0));
    await eventually(() => expect(seen.handled).toHaveLength(1));
    await delivery[Symbol.asyncDispose]();
    const looking = await connect({ servers: servers.urls.nats });
    const { consumers } = await jetstreamManager(looking);
    expect(await consumers.list(`${prefix}-tests`).next()).toEqual([]);
    await looking.close();
  });

  it('put an event aside that six of them have died of', async () => {
    const heir = await connectedBus({ ackWaitMs: 3_000, goneAfterMs: 2_000 });
    const seen = recorder('twins', [COUNTED]);
    await heir.consume(seen.consumer)[Symbol.asyncDispose]();
    await heir.publish(eventOf('a', 0));
    const dying = await connect({ servers: servers.urls.nats });
    const source = await jetstream(dying).consumers.get(`${prefix}-tests`, 'twins');
    let deaths = 0;
    await source.consume({
      group: GROUP,
      callback: (message) => {
        if (++deaths <= 6) message.nak();
      },
    });
    await eventually(() => expect(deaths).toBe(7));
    await dying.close();
    heir.consume(seen.consumer);
    await eventually(() => expect(seen.parked).toHaveLength(1));
    expect(seen.numbers()).toEqual([]);
  });
});

describe('while the broker is away', () => {
  it('a process starts all the same, refuses what is published, and delivers when the broker comes', async () => {
    await servers.stop('nats');
    const seen = recorder('seen', [COUNTED]);
    const heard: unknown[] = [];
    const early = bus();
    early.consume(seen.consumer);
    early.listen([COUNTED], (event) => heard.push(numberOf(event)));
    expect(early.isOpen).toBe(false);
    await expect(early.publish(eventOf('a', 1))).rejects.toThrow('stays in the outbox');
    await servers.start('nats');
    await early.connected(AbortSignal.timeout(20_000));
    await early.publish(eventOf('a', 2));
    await eventually(() => expect([seen.numbers(), heard]).toEqual([[2], [2]]));
  });

  it('what it had acknowledged before it was killed is delivered after it is back', async () => {
    const [sender, reader] = [await connectedBus(), await connectedBus()];
    for (const event of fiveOf('a')) await sender.publish(event);
    await servers.kill('nats');
    await eventually(() => expect(sender.isOpen).toBe(false));
    await servers.start('nats');
    const seen = recorder('seen', [COUNTED]);
    reader.consume(seen.consumer);
    await eventually(() => expect(seen.numbers()).toEqual([0, 1, 2, 3, 4]));
    const next = eventOf('a', 5);
    await eventually(() => sender.publish(next));
    await eventually(() => expect(seen.numbers()).toEqual([0, 1, 2, 3, 4, 5]));
  });

  it('streams and consumers that it has lost are made again, and events flow on', async () => {
    const [sender, reader] = [await connectedBus(), await connectedBus()];
    const seen = recorder('seen', [COUNTED]);
    reader.consume(seen.consumer);
    await sender.publish(eventOf('a', 0));
    await eventually(() => expect(seen.numbers()).toEqual([0]));
    await servers.kill('nats');
    servers.wipe('nats');
    await servers.start('nats');
    const next = eventOf('a', 1);
    await eventually(() => sender.publish(next));
    await eventually(() => expect(seen.numbers()).toEqual([0, 1]));
  });

  it('standing still, a publish fails within its time, and works again afterwards', async () => {
    const sender = await connectedBus({ publishTimeoutMs: 300 });
    const seen = recorder('seen', [COUNTED]);
    sender.consume(seen.consumer);
    const first = eventOf('a', 0);
    await eventually(() => sender.publish(first));
    servers.pause('nats');
    const waiting = eventOf('a', 1);
    await expect(sender.publish(waiting)).rejects.toThrow('timeout');
    servers.resume('nats');
    await eventually(() => sender.publish(waiting));
    await eventually(() => expect(seen.numbers()).toContain(1));
    expect(seen.numbers().filter((n) => n === 1).length).toBeLessThanOrEqual(2);
  });
});

describe('events that come wrong', () => {
  it('twice within two minutes: the broker stores one', async () => {
    const one = await connectedBus();
    const seen = recorder('seen', [COUNTED]);
    one.consume(seen.consumer);
    const event = eventOf('a', 1);
    await one.publish(event);
    await one.publish(event);
    await one.publish(eventOf('a', 2));
    await eventually(() => expect(seen.numbers()).toEqual([1, 2]));
  });

  it('again on purpose: they are delivered again', async () => {
    const one = await connectedBus();
    const seen = recorder('seen', [COUNTED]);
    one.consume(seen.consumer);
    const event = eventOf('a', 1);
    await one.publish(event);
    await one.publishAgain(event);
    await eventually(() => expect(seen.numbers()).toEqual([1, 1]));
  });

  it('unreadable: they are put aside with their text, and the next ones pass', async () => {
    const one = await connectedBus();
    const seen = recorder('seen', [COUNTED]);
    one.consume(seen.consumer);
    await one.publish(eventOf('a', 1));
    const stranger = await connect({ servers: servers.urls.nats });
    stranger.publish(`${prefix}.${COUNTED}.a`, '{"not": "an envelope"}');
    await stranger.drain();
    await one.publish(eventOf('a', 2));
    await eventually(() => expect(seen.numbers()).toEqual([1, 2]));
    expect(seen.parked).toMatchObject([{ event: { type: COUNTED, data: '{"not": "an envelope"}' } }]);
  });

  it('failing while they cannot be put aside either: they are kept until they can', async () => {
    const one = await connectedBus();
    let isDown = true;
    const parked: unknown[] = [];
    one.consume({
      name: 'down',
      types: [COUNTED],
      handle: async () => Promise.reject(new Error('no')),
      park: async (event) => {
        if (isDown) throw new Error('the database is down');
        parked.push(numberOf(event));
      },
    });
    await one.publish(eventOf('a', 1));
    await one.publish(eventOf('b', 2));
    isDown = false;
    await eventually(() => expect(new Set(parked)).toEqual(new Set([1, 2])));
  });

  it('too many for a full stream: the broker refuses, so that they stay in the outbox', async () => {
    const one = await connectedBus({ maxBytes: 20_000 });
    const big = { ...eventOf('a', 1), data: { n: 'x'.repeat(8_000) } };
    const sending = async () => {
      for (let n = 0; n < 5; n++) await one.publish({ ...big, id: randomUUID() });
    };
    await expect(sending()).rejects.toThrow(/maximum bytes exceeded/);
  });
});

/** Handles nothing before it is told to. */
function holding(name: string) {
  const started: unknown[] = [];
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const consumer = {
    name,
    types: [COUNTED],
    handle: async (event: ReturnType<typeof eventOf>) => {
      started.push(numberOf(event));
      await released;
    },
    park: async () => undefined,
  };
  return { consumer, started, release: () => release() };
}
