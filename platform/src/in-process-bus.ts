import { deliver } from './delivery.js';
import type { Consumer, EventBus } from './event-bus.js';
import type { EventEnvelope } from './event.js';
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

  const delivery = { logger, backoffMs, signal: stopping.signal };

  return {
    isShared: false,
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
      await Promise.all([...consumers].filter((c) => c.types.includes(event.type)).map((c) => deliver(c, event, delivery)));
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
