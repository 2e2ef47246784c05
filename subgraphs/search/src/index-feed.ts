import type { EventBus } from '@shop/platform/event-bus';
import type { EventEnvelope } from '@shop/platform/event';
import { failpoint } from '@shop/platform/failpoint';
import type { Logger } from '@shop/platform/logger';
import { subscriptions } from './events.js';
import { IndexUnavailable, type ProductIndex } from './product-index.js';

/** Keeps an index up to date from the bus, until disposed. */
export interface IndexFeed extends AsyncDisposable {
  /** Resolves when every event that has arrived so far is findable or was given back to the bus; returns how many there were. */
  settle(): Promise<number>;
}

export interface IndexFeedParts {
  bus: EventBus;
  index: ProductIndex;
  logger: Logger;
  /** Whether the index is this process's alone: then every process has to hear everything. */
  isOwn: boolean;
  /** Called for an event that was given up because the engine is away: what it told has to be read again. */
  onMissed(): void;
}

/** Applies every event of the subscriptions. One that keeps failing is parked: logged with its id, as there is no table to keep it in. */
export function followEvents({ bus, index, logger, isOwn, onMissed }: IndexFeedParts): IndexFeed {
  const handlers = new Map(subscriptions.map((subscription) => [subscription.contract.type, subscription]));
  const running = new Set<Promise<void>>();

  const apply = async (event: EventEnvelope): Promise<void> => {
    const handler = handlers.get(event.type);
    if (!handler) throw new Error(`search has no handler for ${event.type}`);
    failpoint('consumer-before-commit');
    await handler.apply(event, index);
    await index.refresh();
  };
  const settle = async () => (await Promise.allSettled(running)).length;
  const consumer = bus.consume({
    name: 'search',
    types: [...handlers.keys()],
    everywhere: isOwn,
    handle: async (event) => {
      const work = apply(event);
      running.add(work);
      try {
        await work;
      } finally {
        running.delete(work);
      }
    },
    park: async ({ id, type: eventType, aggregateId }, err, attempts) => {
      const isMissed = err instanceof IndexUnavailable;
      if (isMissed) onMissed();
      const outlook = isMissed ? 'everything is read again once the engine is back' : 'unseen until the next one or a restart';
      logger.error({ err, event: id, eventType, aggregateId, attempts }, `event parked: ${outlook}`);
    },
  });
  return {
    settle,
    [Symbol.asyncDispose]: async () => {
      await consumer[Symbol.asyncDispose]();
      await settle();
    },
  };
}
