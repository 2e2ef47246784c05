import type { EventBus } from './event-bus.js';
import type { Logger } from './logger.js';
import { natsBus } from './nats-bus.js';

/** The bus that separate processes share. `name` is who connects. Returns at once; while the broker is away the bus is closed. */
export function busAt(natsUrl: string, { name, logger }: { name: string; logger: Logger }): EventBus {
  return natsBus({ url: natsUrl, name, logger });
}
