import { jetstream, jetstreamManager, type Consumer as StreamConsumer, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { deliver } from './delivery.js';
import { MAX_DELIVERIES, type Consumer } from './event-bus.js';
import { pause } from './lifecycle.js';
import type { Logger } from './logger.js';
import type { NatsLink } from './nats-connection.js';
import { lanes } from './nats-lanes.js';
import { decode, type Decoded } from './nats-message.js';
import { ensureConsumer, ensureStream, GROUP, streamOf, type StreamSettings } from './nats-streams.js';

export interface StreamFollowerOptions {
  link: NatsLink;
  settings: StreamSettings;
  logger: Logger;
  /** Whose events. */
  owner: string;
  /** The durable consumer's name. */
  durable: string;
  consumer: Consumer;
  types: readonly string[];
  backoffMs: readonly number[];
  ackWaitMs: number;
  goneAfterMs: number;
  /** How many events are handled at a time. */
  concurrency: number;
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
  const hand = handOf(options, stopping.signal);
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
      await letGo(link.current, stream, durable, everywhereSince !== null);
    },
  };
}

/** Asks twice within the time after which a silent process is taken for gone. */
async function pull(
  source: StreamConsumer,
  goneAfterMs: number,
  signal: AbortSignal,
): Promise<{ all: ConsumerMessages } & AsyncDisposable> {
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

interface InHand {
  message: JsMsg;
  /** Of which time of being the one that is served; see `untilForerunnersAreHere`. */
  pin: string;
  heardAtMs: number;
}

/** What this process has been given and has not answered for yet. */
function handOf({ consumer, durable, logger, backoffMs, ackWaitMs, concurrency, settings }: StreamFollowerOptions, stopping: AbortSignal) {
  let inHand = new Map<number, InHand>();
  let incarnation = '';
  const queue = lanes(concurrency);
  let source: StreamConsumer | null = null;
  let pin: string | null = null;
  let waitingForForerunners: InHand[] | null = null;

  const handle = async (held: InHand): Promise<void> => {
    const decoded = decodeMessage(held.message, settings.prefix);
    const careful: Consumer = { ...consumer, handle: (event) => queue.withRoom(() => consumer.handle(event)) };
    while (!stopping.aborted) {
      try {
        return answer(held, await handleOrPark(careful, decoded, held.message, { logger, backoffMs, signal: stopping }));
      } catch (err) {
        if (stopping.aborted) break;
        logger.error({ err, consumer: durable, eventType: decoded.event.type, event: decoded.event.id }, 'neither handled nor parked');
        await pause(backoffMs.at(-1) ?? AGAIN_AFTER_MS, stopping);
      }
    }
    answer(held, 'given-back');
  };
  const answer = (held: InHand, outcome: 'handled' | 'parked' | 'given-back') => {
    // Else it came from a consumer that the broker has lost, and its number may be another event's by now.
    if (inHand.get(held.message.seq) !== held) return;
    inHand.delete(held.message.seq);
    try {
      if (outcome === 'handled') held.message.ack();
      else if (outcome === 'parked') held.message.term('parked');
      else held.message.nak();
    } catch (err) {
      logger.warn({ err, consumer: durable }, 'an answer was not sent; the event comes again');
    }
  };
  const enqueue = (held: InHand) => queue.enqueue(laneOf(held.message), () => handle(held));

  /**
   * A process that takes over from one that died gets new events at once, but those that the dead one had in hand only when their time is
   * over. Nothing is handled before all of them are here: a later event would overtake an earlier one of its aggregate.
   */
  const untilForerunnersAreHere = async (from: StreamConsumer, since: string): Promise<void> => {
    while (!stopping.aborted && pin === since) {
      // Counted before asking: what arrives meanwhile may be missing from the answer.
      const mine = [...inHand.values()].filter((held) => held.pin === since).length;
      const pending = await from.info().then(
        ({ num_ack_pending }) => num_ack_pending,
        () => Infinity,
      );
      if (pending <= mine) break;
      await pause(100, stopping);
    }
    if (pin !== since) return;
    const all = waitingForForerunners ?? [];
    waitingForForerunners = null;
    for (const held of all.toSorted((a, b) => a.message.seq - b.message.seq)) enqueue(held);
  };

  const heartbeat = setInterval(() => {
    const now = performance.now();
    for (const held of inHand.values()) {
      if (now - held.heardAtMs < ackWaitMs / 3) continue;
      held.message.working();
      held.heardAtMs = now;
    }
  }, ackWaitMs / 6);

  return {
    /** A consumer that was made anew numbers its events anew: what is in hand of the former one is finished and not answered for. */
    startWith: (from: StreamConsumer, created: string) => {
      source = from;
      if (created === incarnation) return;
      incarnation = created;
      inHand = new Map();
      pin = null;
      waitingForForerunners = null;
    },
    take: (message: JsMsg) => {
      const newPin = message.headers?.get('Nats-Pin-Id') ?? '';
      const known = inHand.get(message.seq);
      const held: InHand = known ?? { message, pin: newPin, heardAtMs: performance.now() };
      held.pin = newPin;
      inHand.set(message.seq, held);
      if (newPin !== pin && source) {
        pin = newPin;
        waitingForForerunners ??= [];
        void untilForerunnersAreHere(source, newPin);
      }
      if (known) return;
      if (waitingForForerunners) waitingForForerunners.push(held);
      else enqueue(held);
    },
    /** Finishes what is being handled, gives back the rest. */
    empty: async () => {
      for (const held of waitingForForerunners ?? []) answer(held, 'given-back');
      waitingForForerunners = null;
      await queue.idle();
      clearInterval(heartbeat);
    },
  };
}

async function handleOrPark(
  consumer: Consumer,
  decoded: Decoded,
  message: JsMsg,
  delivery: Parameters<typeof deliver>[2],
): Promise<'handled' | 'parked'> {
  if (decoded.kind === 'unreadable') {
    await consumer.park(decoded.event, decoded.why, message.info.deliveryCount);
    return 'parked';
  }
  if (message.info.deliveryCount > MAX_DELIVERIES) {
    const why = new Error(`came ${message.info.deliveryCount} times and was answered never: whoever handled it died of it`);
    await consumer.park(decoded.event, why, message.info.deliveryCount);
    return 'parked';
  }
  return deliver(consumer, decoded.event, delivery);
}

/** Its subject ends with type and aggregate; what can't be read has a lane too. */
function laneOf(message: JsMsg): string {
  return message.subject.slice(message.subject.lastIndexOf('.') + 1);
}

function decodeMessage(message: JsMsg, prefix: string): Decoded {
  const type = message.subject.slice(prefix.length + 1, message.subject.lastIndexOf('.'));
  return decode(message.string(), {
    type,
    position: `${message.info.stream} ${message.seq}`,
    at: new Date(message.info.timestampNanos / 1e6),
  });
}

/** Lets another process be served at once, not only when this one has been silent long enough. What was made for this one alone is removed. */
async function letGo(connection: NatsConnection | null, stream: string, durable: string, isAlone: boolean): Promise<void> {
  if (!connection) return;
  try {
    await connection.flush();
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 1_000 });
    if (isAlone) await manager.consumers.delete(stream, durable);
    else await manager.consumers.unpin(stream, durable, GROUP);
  } catch {
    // Then the other one waits a little longer; and the broker removes by itself what nobody asks for.
  }
}
