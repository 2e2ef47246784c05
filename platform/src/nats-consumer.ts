import { jetstream, jetstreamManager, type Consumer, type ConsumerAPI, type ConsumerMessages } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { pause } from './lifecycle.js';
import type { NatsLink } from './nats-connection.js';
import { eventsInHand, type InHandOptions } from './nats-in-hand.js';
import { ensureConsumer, ensureStream, GROUP, streamOf } from './nats-streams.js';
import { turnOf } from './nats-turn.js';

export interface StreamFollowerOptions extends InHandOptions {
  link: NatsLink;
  /** Whose events. */
  owner: string;
  types: readonly string[];
  goneAfterMs: number;
}

const AGAIN_AFTER_MS = 500;
/** More than clocks differ and connecting takes. */
const OVERLAP_MS = 60_000;

/**
 * Delivers one owner's events to a consumer until disposed. Of several processes the broker serves one at a time; the events of an aggregate
 * follow each other, others go on beside them. Acknowledges after the effect is committed. Disposing finishes what is being handled and
 * gives back what isn't, to be delivered at once to another process.
 */
export function followStream(options: StreamFollowerOptions): AsyncDisposable {
  const { link, settings, logger, owner, durable, types } = options;
  const stopping = new AbortController();
  const stream = streamOf(settings.prefix, owner);
  const hand = eventsInHand(options, stopping.signal);
  // Whoever begins to read a state may do so before the broker has made the consumer.
  const everywhereSince = options.consumer.everywhere ? new Date(Date.now() - OVERLAP_MS) : null;

  const follow = async (connection: NatsConnection): Promise<void> => {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    await ensureStream(manager, owner, settings);
    await ensureConsumer(manager, settings.prefix, { ...options, consumer: durable, types, everywhereSince });
    const source = await jetstream(connection).consumers.get(stream, durable);
    await using messages = await pull(source, options.goneAfterMs, stopping.signal);
    hand.startWith(source, (await source.info(true)).created);
    for await (const message of messages.all) hand.take(message);
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const connection = await link.whenConnected(stopping.signal);
      if (!connection) return;
      try {
        await follow(connection);
      } catch (err) {
        if (!stopping.signal.aborted) logger.warn({ err, consumer: durable, reason: stream }, 'following a stream again');
      }
      await pause(AGAIN_AFTER_MS, stopping.signal);
    }
  };
  const running = run();
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await hand.empty();
      await running;
      await leave(link.current, (consumers) =>
        // What was made for this process alone is removed.
        everywhereSince ? consumers.delete(stream, durable) : endTurn(consumers, stream, durable, hand.pin),
      );
    },
  };
}

/** Asks twice within the time after which a silent process is taken for gone. */
async function pull(source: Consumer, goneAfterMs: number, signal: AbortSignal): Promise<{ all: ConsumerMessages } & AsyncDisposable> {
  const expires = Math.max(1_000, Math.floor(goneAfterMs / 2));
  const all = await source.consume({ group: GROUP, max_messages: 128, expires, abort_on_missing_resource: true });
  const stop = () => all.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return {
    all,
    [Symbol.asyncDispose]: async () => {
      signal.removeEventListener('abort', stop);
      await all.close();
    },
  };
}

/** Best effort: without it another process waits a little longer, and the broker removes by itself what nobody asks for. */
async function leave(connection: NatsConnection | null, how: (consumers: ConsumerAPI) => Promise<unknown>): Promise<void> {
  if (!connection) return;
  try {
    await connection.flush();
    const { consumers } = await jetstreamManager(connection, { checkAPI: false, timeout: 1_000 });
    await how(consumers);
  } catch {}
}

/** Lets another process be served at once, not only when this one has been silent long enough. The turn of another process is left alone. */
async function endTurn(consumers: ConsumerAPI, stream: string, durable: string, pin: string | null): Promise<void> {
  if (pin !== null && turnOf(await consumers.info(stream, durable)).pin === pin) await consumers.unpin(stream, durable, GROUP);
}
