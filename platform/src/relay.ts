import type { Database } from './database.js';
import type { EventBus } from './event-bus.js';
import type { EventEnvelope } from './event.js';
import { failpoint } from './failpoint.js';
import { newId } from './ids.js';
import type { Lease } from './lease.js';
import type { Logger } from './logger.js';
import { readUnsent, type UnsentEvent } from './outbox.js';
import { startPoller, type Poller } from './poller.js';
import { relayMarks } from './relay-marks.js';

/** The lease of the process that sends what a service's outbox holds. */
export const RELAY_LEASE = 'relay';

export interface RelayOptions {
  /** The service's name. */
  name: string;
  db: Database;
  bus: EventBus;
  logger: Logger;
  /** Where several processes share the outbox: only the holder sends, the others tell it what they have committed. Ends with the relay. */
  lease?: Lease | null;
  /** The safety net beside what commits hand over. */
  everyMs?: number;
  /** Aggregates that are being sent at the same time, at most. */
  concurrency?: number;
  /** How long marks of sent events are gathered for one statement. A crash meanwhile means a second delivery, which the inbox drops. */
  markEveryMs?: number;
}

/**
 * Sends what the outbox holds: aggregates side by side, the events of one aggregate in order, each marked as sent only after the bus has
 * answered for it. A commit hands its events over directly; what it could not take, what failed, and what an earlier process left is read
 * from the table at the next tick.
 *
 * With a lease, a holder that was paused may send again what its successor has sent, which consumers know; it skips nothing, since it goes on
 * in the order of the table, and marks nothing, since its fencing number is out of date.
 */
export function startRelay({
  name,
  db,
  bus,
  logger,
  lease = null,
  everyMs = 500,
  concurrency = 64,
  markEveryMs = 25,
}: RelayOptions): Poller {
  const lanes = new Map<string, Lane>();
  const marks = relayMarks(db, logger, markEveryMs, () => lease && { lease: RELAY_LEASE, number: lease.fence ?? NO_FENCE });
  const isOurs = () => !lease || lease.fence !== null;

  const send = async (aggregateId: string, lane: Lane): Promise<void> => {
    for (let next = lane.waiting.shift(); next; next = lane.waiting.shift()) {
      if (!isOurs()) throw new Error('another process sends now');
      failpoint('relay-before-publish');
      await bus.publish(next.event);
      failpoint('relay-after-publish');
      marks.add(next);
    }
    lanes.delete(aggregateId);
  };
  const open = (aggregateId: string, events: readonly UnsentEvent[]) => {
    const lane: Lane = { waiting: [...events], last: versionOf(events.at(-1)), done: Promise.resolve() };
    lanes.set(aggregateId, lane);
    // What failed waits for the next tick: a broker that refuses at once is not asked in a loop.
    lane.done = send(aggregateId, lane).then(poller.wake, (err: unknown) => {
      lanes.delete(aggregateId);
      logger.warn({ err, aggregateId }, 'events stay in the outbox');
    });
  };
  /** Only an event that surely comes next is taken: the first of its aggregate, or the successor of one that is being sent or marked. */
  const take = (aggregateId: string, events: readonly UnsentEvent[]) => {
    const first = versionOf(events[0]);
    const lane = lanes.get(aggregateId);
    if (lane) {
      if (first !== lane.last + 1) return;
      lane.waiting.push(...events);
      lane.last = versionOf(events.at(-1));
    } else if (lanes.size < concurrency && (first === 1 || first === (marks.lastOf(aggregateId) ?? -1) + 1)) {
      open(aggregateId, events);
    }
  };
  const poller = startPoller({
    name: 'relay',
    everyMs,
    logger,
    work: async () => {
      if (!bus.isOpen || !isOurs() || lanes.size >= concurrency) return 0;
      marks.forgetWritten();
      const unsent = (await readUnsent(db, [...lanes.keys()], 256)).filter(({ position }) => !marks.has(position));
      const groups = Map.groupBy(unsent, ({ event }) => event.aggregateId);
      for (const [aggregateId, events] of groups) if (lanes.size < concurrency && !lanes.has(aggregateId)) open(aggregateId, events);
      return 0;
    },
  });
  db.onOutbox((events) => {
    if (!bus.isOpen) return;
    if (!isOurs()) return tellHolder();
    for (const [aggregateId, own] of Map.groupBy(events, ({ event }) => event.aggregateId)) take(aggregateId, own);
  });
  const appended = appendedNews(name);
  let isTold = false;
  const tellHolder = () => {
    if (isTold) return;
    isTold = true;
    setImmediate(() => {
      isTold = false;
      bus.announce(appended());
    });
  };
  const listening = lease && bus.listen([appended().type], poller.wake);
  lease?.onTaken(poller.wake);
  return {
    wake: poller.wake,
    drain: async () => {
      await poller.drain();
      const sending = [...lanes.values()];
      await Promise.all(sending.map(({ done }) => done));
      return sending.length + (await marks.flush());
    },
    [Symbol.asyncDispose]: async () => {
      listening?.[Symbol.dispose]();
      await poller[Symbol.asyncDispose]();
      await Promise.all([...lanes.values()].map(({ done }) => done));
      await marks.flush();
      await lease?.[Symbol.asyncDispose]();
    },
  };
}

/** The events of one aggregate that are on their way, in order. */
interface Lane {
  waiting: UnsentEvent[];
  /** The version of the last one that was taken. */
  last: number;
  done: Promise<void>;
}

/** No lease has it. */
const NO_FENCE = -1;

/** Kept nowhere: who misses it looks at the table every half second. */
function appendedNews(name: string): () => EventEnvelope {
  return () => ({
    id: newId(),
    type: `${name}.outbox-appended.v1`,
    aggregateId: name,
    aggregateVersion: 0,
    occurredAt: new Date().toISOString(),
    traceparent: null,
    causationId: null,
    data: null,
  });
}

function versionOf(event: { event: EventEnvelope } | undefined): number {
  return event?.event.aggregateVersion ?? 0;
}
