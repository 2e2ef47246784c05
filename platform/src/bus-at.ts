import type { EventBus } from './event-bus.js';
import type { Logger } from './logger.js';

/** Connects to the bus that separate processes share. `name` is who connects. Rejects when the broker cannot be reached. */
export async function busAt(natsUrl: string, { name }: { name: string; logger: Logger }): Promise<EventBus> {
  throw new Error(`${name} cannot reach ${new URL(natsUrl).host}: there is no adapter for it yet.`);
}
