import type { Database } from './database.js';
import type { EventBus } from './event-bus.js';
import type { Poller } from './poller.js';
import { startHousekeeping, type Purge } from './housekeeping.js';
import { startLease } from './lease.js';
import { RELAY_LEASE, startRelay } from './relay.js';
import type { SubgraphServer } from './subgraph-server.js';
import { startConsumer, type Subscription } from './consumer.js';
import type { Logger } from './logger.js';

/** One subgraph at work, as `start…` returns it. Disposing drains: no new work, running work finished, connections closed. */
export interface RunningSubgraph extends AsyncDisposable {
  server: SubgraphServer;
  /** Does what is due now: sends events, fires timers, works off queues. Returns how much was done; 0 means quiet. For tests and shutdown. */
  settle(): Promise<number>;
}

export interface SubgraphParts<S> {
  name: string;
  server: SubgraphServer;
  logger: Logger;
  db: Database;
  bus: EventBus;
  /** The table of `events.ts`. */
  subscriptions: readonly Subscription<S>[];
  services: S;
  /** Timers, queues and relays of its own, beside the outbox relay. */
  pollers?: readonly Poller[];
  /** What it deletes by and by of its own tables, beside what the platform deletes of its. */
  purges?: readonly Purge[];
  /** What else ends with the subgraph, in this order, before the database closes. */
  disposables?: readonly AsyncDisposable[];
}

/** Starts consumer and outbox relay and ties the parts of a subgraph together, so that they end in the right order. */
export function runSubgraph<S>({
  name,
  server,
  logger,
  db,
  bus,
  subscriptions,
  services,
  pollers = [],
  purges = [],
  disposables = [],
}: SubgraphParts<S>): RunningSubgraph {
  const consumer = startConsumer({ name, db, bus, subscriptions, services });
  const lease = bus.isShared ? startLease({ db, name: RELAY_LEASE, logger }) : null;
  const relay = startRelay({ name, db, bus, logger, lease });
  const housekeeping = startHousekeeping(db, logger, purges);
  const all = [...pollers, relay, housekeeping];
  relay.wake();
  housekeeping.wake();
  return {
    server,
    settle: async () => {
      let total = 0;
      for (const poller of all) total += await poller.drain();
      return total;
    },
    [Symbol.asyncDispose]: async () => {
      server.drain();
      await Promise.all([...all, consumer].map((worker) => worker[Symbol.asyncDispose]()));
      await server[Symbol.asyncDispose]();
      for (const disposable of disposables) await disposable[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}
