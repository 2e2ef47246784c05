import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

export interface StreamSettings {
  /** Begins the names of all streams and subjects: several shops, or tests, on one broker don't meet. Letters, digits and `-`. */
  prefix: string;
  /** Servers that keep each stream: 1, or 3 in a cluster. */
  replicas: 1 | 3;
  /** What one owner's stream may hold at most; beyond it the broker refuses, and events wait in the outbox. */
  maxBytes: number;
}

const DAY_MS = 24 * 60 * 60_000;
/** As long as sent events stay in an outbox. */
const KEEP_MS = 7 * DAY_MS;
/** An id that comes twice within this time is stored once. A help only: consumers know what they have handled. */
const DUPLICATES_MS = 2 * 60_000;
/** How many events of one stream a consumer may have in hand. */
const IN_HAND = 256;

/** The only group of each consumer: of the processes in it the broker serves one, until that one is gone. */
export const GROUP = 'active';
/** Stream subjects end with the aggregate, so that one of them could be read alone. */
export const subjectOf = (prefix: string, type: string, aggregateId: string): string => `${prefix}.${type}.${token(aggregateId)}`;
export const subjectsOfType = (prefix: string, type: string): string => `${prefix}.${type}.*`;
/** News that no stream keeps. */
export const livePrefix = (prefix: string): string => `${prefix}-live`;
export const ownerOf = (type: string): string => type.slice(0, type.indexOf('.'));
export const streamOf = (prefix: string, owner: string): string => `${prefix}-${owner}`;

/** Makes the stream of one owner's events, or brings it up to these settings. Repeatable. */
export async function ensureStream(
  manager: JetStreamManager,
  owner: string,
  { prefix, replicas, maxBytes }: StreamSettings,
): Promise<void> {
  const name = streamOf(prefix, owner);
  const config: Partial<StreamConfig> & { name: string } = {
    name,
    subjects: [`${prefix}.${owner}.>`],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_age: nanos(KEEP_MS),
    max_bytes: maxBytes,
    duplicate_window: nanos(DUPLICATES_MS),
    num_replicas: replicas,
  };
  try {
    await manager.streams.add(config);
  } catch (error) {
    if (!isNameInUse(error)) throw error;
    await manager.streams.update(name, config);
  }
}

export interface DurableOptions {
  owner: string;
  consumer: string;
  types: readonly string[];
  /** Every process gets each event that was stored from then on; null: one of the processes gets it, whenever it was stored. */
  everywhereSince: Date | null;
  /** An event in hand that nothing is heard of for so long is delivered again. */
  ackWaitMs: number;
  /** A process that asks for nothing for so long is taken for gone. */
  goneAfterMs: number;
}

/** Makes a durable consumer, or brings it up to these settings. Repeatable. */
export async function ensureConsumer(manager: JetStreamManager, prefix: string, options: DurableOptions): Promise<void> {
  const config: Partial<ConsumerConfig> = {
    durable_name: options.consumer,
    filter_subjects: options.types.map((type) => subjectsOfType(prefix, type)),
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(options.ackWaitMs),
    max_ack_pending: IN_HAND,
    // The deliveries that count are counted where they are made; the broker goes on until it is told.
    max_deliver: -1,
    ...(options.everywhereSince
      ? {
          deliver_policy: DeliverPolicy.StartTime,
          opt_start_time: options.everywhereSince.toISOString(),
          inactive_threshold: nanos(5 * 60_000),
        }
      : { deliver_policy: DeliverPolicy.All }),
    priority_groups: [GROUP],
    priority_policy: 'pinned_client',
    priority_timeout: nanos(options.goneAfterMs),
  };
  const made = await manager.consumers.add(streamOf(prefix, options.owner), config);
  // An older server makes the consumer without it, and says nothing.
  if (made.config.priority_policy !== 'pinned_client') throw new Error('The order of events needs NATS 2.11 or later.');
}

function isNameInUse(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === 10058;
}

/** A subject's token may hold no dot, blank, `*` or `>`. */
function token(text: string): string {
  return text === '' ? '%' : encodeURIComponent(text).replace(/[.*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}
