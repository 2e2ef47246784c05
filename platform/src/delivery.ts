import { MAX_DELIVERIES, type Consumer } from './event-bus.js';
import type { EventEnvelope } from './event.js';
import { failpoint } from './failpoint.js';
import { pause } from './lifecycle.js';
import type { Logger } from './logger.js';

export interface DeliveryOptions {
  logger: Logger;
  /** Waits between deliveries of a failing event, in milliseconds; the last one repeats. */
  backoffMs: readonly number[];
  /** Ends the waiting: the event is not handled then. */
  signal: AbortSignal;
}

/**
 * Hands an event to a consumer until it is handled, or parked after `MAX_DELIVERIES` failures. Throws when it is neither: the consumer could
 * not park it either, or `signal` has fired. Then it has to be delivered again.
 */
export async function deliver(
  consumer: Consumer,
  event: EventEnvelope,
  { logger, backoffMs, signal }: DeliveryOptions,
): Promise<'handled' | 'parked'> {
  for (let attempt = 1; ; attempt++) {
    if (signal.aborted) throw new Error('The bus is stopping; the event is delivered again later.');
    try {
      await consumer.handle(event);
      failpoint('consumer-after-commit');
      return 'handled';
    } catch (error) {
      const { type: eventType, aggregateId } = event;
      logger.warn({ err: error, consumer: consumer.name, eventType, aggregateId, attempts: attempt }, 'delivery failed');
      if (attempt >= MAX_DELIVERIES) {
        await consumer.park(event, error, attempt);
        return 'parked';
      }
      await pause(backoffMs[Math.min(attempt, backoffMs.length) - 1] ?? 1000, signal);
    }
  }
}
