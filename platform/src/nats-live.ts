import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { EventEnvelope } from './event.js';
import type { Logger } from './logger.js';
import type { NatsLink } from './nats-connection.js';
import { decode, encode } from './nats-message.js';
import { livePrefix, subjectOf, subjectsOfType } from './nats-streams.js';

/** News over core NATS: at most once, kept nowhere. Published events are heard on their own subjects, announced ones on others. */
export interface NatsLive {
  announce(event: EventEnvelope): void;
  listen(types: readonly string[], hear: (event: EventEnvelope) => void): Disposable;
}

/** While there is no connection nothing is heard, and what is announced is lost. */
export function natsLive(link: NatsLink, prefix: string, logger: Logger): NatsLive {
  const listeners = new Map<string, Set<(event: EventEnvelope) => void>>();
  const subscriptions = new Map<string, Subscription[]>();

  const tell = (type: string, message: Msg) => {
    const decoded = decode(message.string(), { type, position: message.subject, at: new Date() });
    if (decoded.kind === 'event') listeners.get(type)?.forEach((hear) => hear(decoded.event));
    else logger.warn({ err: decoded.why, eventType: type }, 'news that nobody can read');
  };
  const subscribe = (connection: NatsConnection, type: string) => {
    if (subscriptions.has(type)) return;
    const callback = (error: Error | null, message: Msg) => (error ? logger.warn({ err: error }, 'not heard') : tell(type, message));
    const subjects = [subjectsOfType(prefix, type), subjectsOfType(livePrefix(prefix), type)];
    subscriptions.set(
      type,
      subjects.map((subject) => connection.subscribe(subject, { callback })),
    );
  };
  const forget = (type: string, hear: (event: EventEnvelope) => void) => {
    const peers = listeners.get(type);
    peers?.delete(hear);
    if (!peers || peers.size > 0) return;
    listeners.delete(type);
    for (const subscription of subscriptions.get(type) ?? []) subscription.unsubscribe();
    subscriptions.delete(type);
  };
  let first: NatsConnection | null = null;
  link.onFirst((connection) => {
    first = connection;
    for (const type of listeners.keys()) subscribe(connection, type);
  });
  return {
    announce: (event) => link.current?.publish(subjectOf(livePrefix(prefix), event.type, event.aggregateId), encode(event)),
    listen: (types, hear) => {
      for (const type of types) {
        listeners.set(type, (listeners.get(type) ?? new Set()).add(hear));
        if (first) subscribe(first, type);
      }
      return { [Symbol.dispose]: () => types.forEach((type) => forget(type, hear)) };
    },
  };
}
