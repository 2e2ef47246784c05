import { MAX_DELIVERIES, type Consumer, type EventBus } from './event-bus.js';
import type { EventEnvelope } from './event.js';
import { pause } from './lifecycle.js';
import type { Logger } from './logger.js';

export interface InProcessBusOptions {
  logger: Logger;
  /** Waits between deliveries of a failing event. */
  backoffMs?: readonly number[];
  /** Takes no event before `open` is called. */
  startsClosed?: boolean;
}

export interface InProcessBus extends EventBus {
  /** All consumers are there. */
  open(): void;
}

/**
 * The event bus of one process: `publish` hands the event to every consumer and resolves when each has committed or parked it.
 * Together with the outbox that is the same at-least-once promise that a broker gives; nothing is stored here. Who is not there when an
 * event is published never gets it: a bus of several subgraphs starts closed, is opened after the last of them and disposed before the first.
 */
export function inProcessBus({ logger, backoffMs = [50, 250, 1000, 3000, 8000], startsClosed = false }: InProcessBusOptions): InProcessBus {
  const consumers = new Set<Consumer>();
  const listeners = new Map<string, Set<(event: EventEnvelope) => void>>();
  const stopping = new AbortController();
  let isOpened = !startsClosed;
  const isOpen = () => isOpened && !stopping.signal.aborted;

  const announce = (event: EventEnvelope) => listeners.get(event.type)?.forEach((hear) => hear(event));

  const deliver = async (consumer: Consumer, event: EventEnvelope): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      if (stopping.signal.aborted) throw new Error('The bus is stopping; the event stays in the outbox.');
      try {
        return await consumer.handle(event);
      } catch (error) {
        logger.warn(
          { err: error, consumer: consumer.name, eventType: event.type, aggregateId: event.aggregateId, attempts: attempt },
          'delivery failed',
        );
        if (attempt >= MAX_DELIVERIES) return await consumer.park(event, error, attempt);
        await pause(backoffMs[Math.min(attempt, backoffMs.length) - 1] ?? 1000, stopping.signal);
      }
    }
  };

  return {
    get isOpen() {
      return isOpen();
    },
    open: () => {
      isOpened = true;
    },
    announce,
    publish: async (event) => {
      if (!isOpen()) throw new Error('The bus is closed; the event stays in the outbox.');
      announce(event);
      await Promise.all([...consumers].filter((c) => c.types.includes(event.type)).map((c) => deliver(c, event)));
    },
    consume: (consumer) => {
      consumers.add(consumer);
      return { [Symbol.asyncDispose]: async () => void consumers.delete(consumer) };
    },
    listen: (types, hear) => {
      for (const type of types) listeners.set(type, (listeners.get(type) ?? new Set()).add(hear));
      return { [Symbol.dispose]: () => types.forEach((type) => listeners.get(type)?.delete(hear)) };
    },
    [Symbol.asyncDispose]: async () => stopping.abort(),
  };
}
