import type { EventEnvelope } from './event.js';

/** A durable consumer: gets every event of its types at least once, those of one aggregate in order. */
export interface Consumer {
  name: string;
  types: readonly string[];
  /** Every process gets each event from now on (and some before), instead of one of those with this name: for what is kept in memory. Default false. */
  everywhere?: boolean;
  /** Resolves when the effect is committed; a rejection means: deliver again later. */
  handle(event: EventEnvelope): Promise<void>;
  /** Puts an event that failed too often aside, so that the rest flows on. */
  park(event: EventEnvelope, error: unknown, attempts: number): Promise<void>;
}

/**
 * How events reach other subgraphs. At least once, in order per aggregate; consumers deduplicate by event id.
 */
export interface EventBus extends AsyncDisposable {
  /** Whether other processes are on it too. Then of each service one process at a time sends what the outbox holds. */
  readonly isShared: boolean;
  /** False while consumers may be missing, as at the start and the end of a process: `publish` rejects, so that what is sent waits. */
  readonly isOpen: boolean;
  /** Resolves once the bus answers for the event: a broker has stored it, or every consumer in this process has committed or parked it. */
  publish(event: EventEnvelope): Promise<void>;
  /** Starts deliveries to `consumer` until disposed. */
  consume(consumer: Consumer): AsyncDisposable;
  /** Tells every process that listens, at most once each, storing nothing: for live queries, which read the truth themselves. */
  announce(event: EventEnvelope): void;
  /** Hears published and announced events of `types` from now on. `hear` must not throw. */
  listen(types: readonly string[], hear: (event: EventEnvelope) => void): Disposable;
}

/** At most this many deliveries, then the event is parked. */
export const MAX_DELIVERIES = 6;
