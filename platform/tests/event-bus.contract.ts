import { expect, it, vi } from 'vitest';
import type { Consumer, EventBus } from '@shop/platform/event-bus';
import type { EventEnvelope } from '@shop/platform/event';
import { newId } from '@shop/platform/ids';

export const COUNTED = 'tests.counted.v1';
const OTHER = 'tests.other.v1';
const FOREIGN = 'strangers.seen.v1';

let versions = new Map<string, number>();

/** The next event of an aggregate. */
export function eventOf(aggregateId: string, n: number, type: string = COUNTED): EventEnvelope {
  const aggregateVersion = (versions.get(aggregateId) ?? 0) + 1;
  versions.set(aggregateId, aggregateVersion);
  const occurredAt = new Date().toISOString();
  return { id: newId(), type, aggregateId, aggregateVersion, occurredAt, traceparent: null, causationId: null, data: { n } };
}

export const numberOf = (event: EventEnvelope): unknown => (event.data as { n: unknown }).n;

/** A consumer that writes down what it gets; `fail` says for which events, and how often, handling fails. */
export function recorder(name: string, types: readonly string[], fail: (event: EventEnvelope, attempt: number) => boolean = () => false) {
  const handled: EventEnvelope[] = [];
  const parked: { event: EventEnvelope; error: string; attempts: number }[] = [];
  const attempts = new Map<string, number>();
  const consumer: Consumer = {
    name,
    types,
    handle: async (event) => {
      const attempt = (attempts.get(event.id) ?? 0) + 1;
      attempts.set(event.id, attempt);
      if (fail(event, attempt)) throw new Error(`no, said ${name}`);
      handled.push(event);
    },
    park: async (event, error, count) => void parked.push({ event, error: String(error), attempts: count }),
  };
  return { consumer, handled, parked, attempts, numbers: () => handled.map(numberOf) };
}

export const eventually = (check: () => void | Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 60_000, interval: 20 });

/** What every event bus promises. `open` gives one on which nothing was ever published and that retries a failing event within milliseconds. */
export function eventBusContract(open: () => Promise<EventBus>): void {
  async function opened(): Promise<EventBus> {
    versions = new Map();
    return open();
  }

  it('delivers an event to every consumer of its type, whole, and to no other', async () => {
    await using bus = await opened();
    const [one, two, other] = [recorder('one', [COUNTED, OTHER]), recorder('two', [COUNTED]), recorder('other', [FOREIGN])];
    await using deliveries = new AsyncDisposableStack();
    for (const { consumer } of [one, two, other]) deliveries.use(bus.consume(consumer));
    const events = [eventOf('a', 1), eventOf('a', 2, OTHER), eventOf('b c.d*>/ü', 3), eventOf('c', 4, FOREIGN)].map((event) => ({
      ...event,
      causationId: newId(),
      traceparent: '00-1-2-03',
    }));
    for (const event of events) await bus.publish(event);
    await eventually(() => expect([one.handled.length, two.handled.length, other.handled.length]).toEqual([3, 2, 1]));
    expect(new Set(one.numbers())).toEqual(new Set([1, 2, 3]));
    expect(two.handled.find(({ aggregateId }) => aggregateId === events[2]?.aggregateId)).toEqual(events[2]);
    expect(other.numbers()).toEqual([4]);
  });

  it('keeps the order within an aggregate, also where an event fails at first, and lets others pass', async () => {
    await using bus = await opened();
    const seen = recorder('seen', [COUNTED], (event, attempt) => event.aggregateId === 'slow' && numberOf(event) === 0 && attempt < 4);
    await using _delivery = bus.consume(seen.consumer);
    const publishing: Promise<void>[] = [];
    const lane = async (aggregateId: string) => {
      for (let n = 0; n < 5; n++) await bus.publish(eventOf(aggregateId, n));
    };
    for (const aggregateId of ['slow', 'a', 'b', 'c']) publishing.push(lane(aggregateId));
    await Promise.all(publishing);
    await eventually(() => expect(seen.handled).toHaveLength(20));
    for (const aggregateId of ['slow', 'a', 'b', 'c']) {
      const own = seen.handled.filter((event) => event.aggregateId === aggregateId);
      expect(own.map(numberOf)).toEqual([0, 1, 2, 3, 4]);
    }
  });

  it('puts an event aside after six deliveries, with the error, and goes on with the next of its aggregate', async () => {
    await using bus = await opened();
    const seen = recorder('poisoned', [COUNTED], (event) => numberOf(event) === 0);
    await using _delivery = bus.consume(seen.consumer);
    const poison = eventOf('p', 0);
    await bus.publish(poison);
    await bus.publish(eventOf('p', 1));
    await eventually(() => expect(seen.numbers()).toEqual([1]));
    expect(seen.attempts.get(poison.id)).toBe(6);
    expect(seen.parked).toEqual([{ event: poison, error: 'Error: no, said poisoned', attempts: 6 }]);
  });

  it('tells those who listen of what is published and of what is announced, as long as they listen', async () => {
    await using bus = await opened();
    const heard: unknown[] = [];
    const listening = bus.listen([COUNTED], (event) => heard.push(numberOf(event)));
    // News may be missed while a listener is just coming.
    await eventually(() => {
      bus.announce(eventOf('l', 1));
      expect(heard).toContain(1);
    });
    await bus.publish(eventOf('l', 2));
    bus.announce(eventOf('l', 9, OTHER));
    await eventually(() => expect(heard).toContain(2));
    expect(heard).not.toContain(9);
    listening[Symbol.dispose]();
    const until = bus.listen([COUNTED], (event) => numberOf(event) === 4 && heard.push('others hear on'));
    bus.announce(eventOf('l', 3));
    await eventually(() => {
      bus.announce(eventOf('l', 4));
      expect(heard).toContain('others hear on');
    });
    until[Symbol.dispose]();
    expect(heard).not.toContain(3);
  });

  it('delivers nothing to a consumer that has left, nor to anybody once it is closed', async () => {
    const bus = await opened();
    const [leaving, staying] = [recorder('leaving', [COUNTED]), recorder('staying', [COUNTED])];
    const left = bus.consume(leaving.consumer);
    await using _stays = bus.consume(staying.consumer);
    await bus.publish(eventOf('x', 1));
    await eventually(() => expect([leaving.numbers(), staying.numbers()]).toEqual([[1], [1]]));
    await left[Symbol.asyncDispose]();
    await bus.publish(eventOf('x', 2));
    await eventually(() => expect(staying.numbers()).toEqual([1, 2]));
    expect(leaving.numbers()).toEqual([1]);
    await bus[Symbol.asyncDispose]();
    expect(bus.isOpen).toBe(false);
    await expect(bus.publish(eventOf('x', 3))).rejects.toThrow('stays in the outbox');
  });
}
