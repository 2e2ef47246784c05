import { orderStatusChanged } from '@shop/events/orders';
import type { Database } from '@shop/platform/database';
import type { EventBus } from '@shop/platform/event-bus';
import type { Logger } from '@shop/platform/logger';
import { startPoller, type Poller } from '@shop/platform/poller';
import { revisionsOf } from './order.store.js';

/** Someone who waits for the next step of one order. */
export interface Follower extends Disposable {
  /**
   * Resolves when the order may have gone beyond `revision`, at once when that was told since the last call, and when `signal` fires.
   * May resolve for nothing: the follower reads the truth itself.
   */
  beyond(revision: number, signal: AbortSignal): Promise<void>;
}

/** Who follows which order in this process: one listener on the bus and one look at the database for all of them. */
export interface OrderFeed {
  follow(orderId: string): Follower;
  /** This order has moved. Cheap; may be called for orders that nobody follows. */
  moved(orderId: string): void;
  /** The safety net for what the bus did not tell. */
  poller: Poller;
  /** Stops listening. */
  stop(): void;
}

interface Waiting {
  revision: number;
  wake(): void;
}

const POLL_BATCH = 1_000;

export function startOrderFeed({
  db,
  bus,
  logger,
  pollMs = 2_000,
}: {
  db: Database;
  bus: EventBus;
  logger: Logger;
  pollMs?: number;
}): OrderFeed {
  const followers = new Map<string, Set<Waiting>>();
  const moved = (orderId: string) => followers.get(orderId)?.forEach((waiting) => waiting.wake());
  const lookUp = async (): Promise<number> => {
    const ids = [...followers.keys()];
    for (let start = 0; start < ids.length; start += POLL_BATCH)
      for (const { id, revision } of await revisionsOf(db, ids.slice(start, start + POLL_BATCH)))
        followers.get(id)?.forEach((waiting) => revision > waiting.revision && waiting.wake());
    return 0;
  };
  const listening = bus.listen([orderStatusChanged.type], (event) => moved(event.aggregateId));
  return {
    follow: (orderId) => startFollowing(followers, orderId),
    moved,
    poller: startPoller({ name: 'order feed', everyMs: pollMs, logger, work: lookUp }),
    stop: () => listening[Symbol.dispose](),
  };
}

function startFollowing(followers: Map<string, Set<Waiting>>, orderId: string): Follower {
  let isDue = false;
  let resume: (() => void) | null = null;
  const waiting: Waiting = {
    revision: 0,
    wake: () => {
      isDue = true;
      resume?.();
    },
  };
  const peers = followers.get(orderId) ?? new Set();
  followers.set(orderId, peers.add(waiting));
  return {
    beyond: async (revision, signal) => {
      waiting.revision = revision;
      if (!isDue) await untilResumed((wake) => (resume = wake), signal);
      isDue = false;
    },
    [Symbol.dispose]: () => {
      peers.delete(waiting);
      if (peers.size === 0 && followers.get(orderId) === peers) followers.delete(orderId);
    },
  };
}

function untilResumed(give: (wake: (() => void) | null) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      signal.removeEventListener('abort', done);
      give(null);
      resolve();
    };
    signal.addEventListener('abort', done, { once: true });
    give(done);
  });
}
