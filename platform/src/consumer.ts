import type { Database, Transaction } from './database.js';
import type { Sql } from './sql.js';
import { parkEvent } from './dead-letter.js';
import type { EventBus } from './event-bus.js';
import type { EventContract, EventEnvelope, ReceivedEvent } from './event.js';
import { failpoint } from './failpoint.js';

/** One row of a subgraph's `events.ts`: what is done when an event of this contract arrives. */
export interface Subscription<S> {
  contract: { type: string };
  handle(event: EventEnvelope, tx: Transaction, services: S): Promise<void>;
}

/**
 * Declares what is done with events of one contract. `handle` runs in the transaction that also records the event in the inbox: both or
 * neither, so it runs exactly once per event. It must hold no network call. Throwing means: deliver again, at most 6 times, then park.
 */
export function when<T, S>(
  contract: EventContract<T>,
  handle: (event: ReceivedEvent<T>, tx: Transaction, services: S) => Promise<void>,
): Subscription<S> {
  return { contract, handle: (event, tx, services) => handle({ ...event, data: contract.data.parse(event.data) }, tx, services) };
}

export interface ConsumerOptions<S> {
  /** The subgraph's name. */
  name: string;
  db: Database;
  bus: EventBus;
  subscriptions: readonly Subscription<S>[];
  services: S;
}

/** Starts consuming until disposed. */
export function startConsumer<S>({ name, db, bus, subscriptions, services }: ConsumerOptions<S>): AsyncDisposable {
  const handlers = new Map(subscriptions.map((subscription) => [subscription.contract.type, subscription]));
  return bus.consume({
    name,
    types: [...handlers.keys()],
    handle: async (event) => {
      const handler = handlers.get(event.type);
      if (!handler) throw new Error(`${name} has no handler for ${event.type}`);
      await db.handleOnce(name, event.id, async (tx) => {
        await handler.handle(event, tx, services);
        failpoint('consumer-before-commit');
      });
    },
    park: (event, error, attempts) => parkEvent(db, name, event, error, attempts),
  });
}

/** Forgets events that arrived more than `keepDays` days ago, at most `limit`, and returns how many. Sent again they take effect again. */
export function purgeInbox(sql: Sql, keepDays: number, limit: number): Promise<number> {
  return sql.run(
    `delete from inbox where (consumer, event_id) in (
       select consumer, event_id from inbox where received_at < now() - make_interval(days => $1) order by received_at limit $2)`,
    [keepDays, limit],
  );
}
