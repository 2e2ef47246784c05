import type { Database } from './database.js';
import type { EventBus } from './event-bus.js';
import { failpoint } from './failpoint.js';
import type { Logger } from './logger.js';
import { markSent, readUnsent, type UnsentEvent } from './outbox.js';
import { startPoller, type Poller } from './poller.js';

export interface RelayOptions {
  db: Database;
  bus: EventBus;
  logger: Logger;
  /** The safety net beside being woken by a commit. */
  everyMs?: number;
  /** Aggregates that are being sent at the same time, at most. */
  concurrency?: number;
}

/**
 * Sends what the outbox holds: aggregates side by side, the events of one aggregate in order, each marked as sent only after the bus has
 * answered for it. What could not be sent stays, and is tried again at the next tick.
 */
export function startRelay({ db, bus, logger, everyMs = 500, concurrency = 64 }: RelayOptions): Poller {
  const busy = new Map<string, Promise<void>>();
  const mark = batchedMarker(db);

  const sendAggregate = async (events: readonly UnsentEvent[]): Promise<void> => {
    for (const { position, event } of events) {
      failpoint('relay-before-publish');
      await bus.publish(event);
      failpoint('relay-after-publish');
      await mark(position);
    }
  };
  const start = (aggregateId: string, events: readonly UnsentEvent[]) => {
    const sending = sendAggregate(events)
      .catch((err: unknown) => logger.warn({ err, aggregateId }, 'events stay in the outbox'))
      .finally(() => {
        busy.delete(aggregateId);
        poller.wake();
      });
    busy.set(aggregateId, sending);
  };
  const poller = startPoller({
    name: 'relay',
    everyMs,
    logger,
    work: async () => {
      if (busy.size >= concurrency) return 0;
      const groups = Map.groupBy(await readUnsent(db, [...busy.keys()], 256), ({ event }) => event.aggregateId);
      for (const [aggregateId, events] of [...groups].slice(0, concurrency - busy.size)) start(aggregateId, events);
      return 0;
    },
  });
  db.onOutbox(poller.wake);
  return {
    wake: poller.wake,
    drain: async () => {
      await poller.drain();
      const sending = [...busy.values()];
      await Promise.all(sending);
      return sending.length;
    },
    [Symbol.asyncDispose]: async () => {
      await poller[Symbol.asyncDispose]();
      await Promise.all(busy.values());
    },
  };
}

/** Marks that are asked for while one UPDATE runs go into the next one together. */
function batchedMarker(db: Database): (position: number) => Promise<void> {
  let waiting: number[] = [];
  let next: Promise<void> | null = null;
  let current: Promise<void> = Promise.resolve();
  return (position) => {
    waiting.push(position);
    next ??= current
      .catch(() => undefined)
      .then(() => {
        const positions = waiting;
        waiting = [];
        next = null;
        current = markSent(db, positions);
        return current;
      });
    return next;
  };
}
