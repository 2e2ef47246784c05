import { jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Consumer, EventBus } from './event-bus.js';
import type { EventEnvelope } from './event.js';
import { newId } from './ids.js';
import type { Logger } from './logger.js';
import { natsLink } from './nats-connection.js';
import { followStream } from './nats-consumer.js';
import { natsLive } from './nats-live.js';
import { encode } from './nats-message.js';
import { ensureStream, ownerOf, streamOf, subjectOf, type StreamSettings } from './nats-streams.js';

export interface NatsBusOptions {
  /** `nats://[user:password@]host:port`, or `tls://`; the servers of a cluster with commas between them. */
  url: string;
  /** How the broker names this process, as the service's name. */
  name: string;
  logger: Logger;
  /** Begins the names of streams and subjects; default `shop`. */
  prefix?: string;
  /** Servers that keep each stream; 1 by default, 3 in a cluster. */
  replicas?: 1 | 3;
  /** What one owner's events may take at most, in bytes; default 1 GiB. */
  maxBytes?: number;
  /** Waits between deliveries of a failing event, in milliseconds. */
  backoffMs?: readonly number[];
  /** When an event that a process had in hand as it died is delivered to another one; default 10 s. */
  ackWaitMs?: number;
  /** When a silent process is taken for gone; default 6 s. */
  goneAfterMs?: number;
  /** How long the broker may take to store an event; default 2 s. */
  publishTimeoutMs?: number;
  /** How many events of one owner a consumer handles at a time; default 32. */
  concurrency?: number;
}

export interface NatsBus extends EventBus {
  /** As `publish`, though the broker may have stored the event a moment ago: consumers that know it do nothing. */
  publishAgain(event: EventEnvelope): Promise<void>;
  /** Resolves when there is a connection. Rejects when `signal` fires first. */
  connected(signal: AbortSignal): Promise<void>;
}

/**
 * The event bus between processes, on NATS JetStream: one stream an owner, one durable consumer for each consumer and owner. Returns at once;
 * while the broker is away the bus is closed, events stay in the outbox, and it is looked for until the bus is disposed. Streams and
 * consumers are made here, again too when the broker has lost them. Disposing finishes deliveries in progress and gives back the others.
 */
export function natsBus(options: NatsBusOptions): NatsBus {
  const { url, name, logger, prefix = 'shop', replicas = 1, maxBytes = 2 ** 30, publishTimeoutMs = 2_000 } = options;
  const { backoffMs = [100, 500, 2_000, 8_000, 20_000], ackWaitMs = 10_000, goneAfterMs = 6_000, concurrency = 32 } = options;
  const settings: StreamSettings = { prefix, replicas, maxBytes };
  const link = natsLink({ url, name, logger });
  const live = natsLive(link, prefix, logger);
  const stream = streamMaker(settings, publishTimeoutMs);
  const clientOf = clients();
  const following = new Set<AsyncDisposable>();
  let isStopping = false;

  const send = async (event: EventEnvelope, messageId: string): Promise<void> => {
    const connection = isStopping ? null : link.current;
    if (!connection) throw new Error('The broker is away; the event stays in the outbox.');
    const owner = ownerOf(event.type);
    const store = async () => {
      await stream.ensure(connection, owner);
      const expect = { streamName: streamOf(prefix, owner) };
      const subject = subjectOf(prefix, event.type, event.aggregateId);
      await clientOf(connection).publish(subject, encode(event), { msgID: messageId, timeout: publishTimeoutMs, expect });
    };
    try {
      await store();
    } catch (error) {
      // The broker may have lost its streams since they were made.
      if (!stream.forget(owner) || !isNobodyThere(error)) throw error;
      await store();
    }
  };
  return {
    isShared: true,
    get isOpen() {
      return !isStopping && link.current !== null;
    },
    publish: (event) => send(event, event.id),
    publishAgain: (event) => send(event, `${event.id}.${newId()}`),
    announce: live.announce,
    listen: live.listen,
    connected: async (signal) => {
      if (!(await link.whenConnected(signal))) throw new Error('There is no connection to the broker.', { cause: signal.reason });
    },
    consume: (consumer) => {
      const common = { link, settings, logger, consumer, backoffMs, ackWaitMs, goneAfterMs, concurrency };
      const durable = consumer.everywhere ? `${consumer.name}-${newId()}` : consumer.name;
      const followers = [...byOwner(consumer)].map(([owner, types]) => followStream({ ...common, owner, durable, types }));
      const delivery = {
        [Symbol.asyncDispose]: async () => void (await Promise.all(followers.map((each) => each[Symbol.asyncDispose]()))),
      };
      following.add(delivery);
      return delivery;
    },
    [Symbol.asyncDispose]: async () => {
      isStopping = true;
      await Promise.all([...following].map((delivery) => delivery[Symbol.asyncDispose]()));
      await link[Symbol.asyncDispose]();
    },
  };
}

function byOwner({ types }: Consumer): Map<string, string[]> {
  return Map.groupBy(types, ownerOf);
}

/** Makes each owner's stream once a connection; many events may ask for it at a time. */
function streamMaker(settings: StreamSettings, timeoutMs: number) {
  const made = new Map<string, Promise<void>>();
  return {
    ensure: async (connection: NatsConnection, owner: string): Promise<void> => {
      const making =
        made.get(owner) ??
        jetstreamManager(connection, { checkAPI: false, timeout: timeoutMs }).then((manager) => ensureStream(manager, owner, settings));
      made.set(owner, making);
      await making.catch((error: unknown) => {
        made.delete(owner);
        throw error;
      });
    },
    /** True when it was known: then it is worth trying again. */
    forget: (owner: string): boolean => made.delete(owner),
  };
}

/** One for each connection. */
function clients(): (connection: NatsConnection) => JetStreamClient {
  const known = new WeakMap<NatsConnection, JetStreamClient>();
  return (connection) => {
    const client = known.get(connection) ?? jetstream(connection);
    known.set(connection, client);
    return client;
  };
}

/** No stream takes the subject. */
function isNobodyThere(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'NoRespondersError' || /no responders|stream not found|jetstream is not enabled/i.test(error.message))
  );
}
