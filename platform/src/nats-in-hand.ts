import type { Consumer as StreamConsumer, JsMsg } from '@nats-io/jetstream';
import { deliver } from './delivery.js';
import { MAX_DELIVERIES, type Consumer } from './event-bus.js';
import { pause } from './lifecycle.js';
import type { Logger } from './logger.js';
import { lanes } from './nats-lanes.js';
import { decode, type Decoded } from './nats-message.js';
import type { StreamSettings } from './nats-streams.js';
import { turnOf } from './nats-turn.js';

export interface InHandOptions {
  settings: StreamSettings;
  logger: Logger;
  /** The durable consumer's name. */
  durable: string;
  consumer: Consumer;
  backoffMs: readonly number[];
  ackWaitMs: number;
  /** How many events are handled at a time. */
  concurrency: number;
}

/** Where no back-off is given. */
const AGAIN_AFTER_MS = 500;

interface InHand {
  message: JsMsg;
  heardAtMs: number;
}

/** What this process has been given of a stream and has not answered for yet; handled in order within an aggregate until `stopping` fires. */
export function eventsInHand(options: InHandOptions, stopping: AbortSignal) {
  const { consumer, durable, logger, backoffMs, ackWaitMs, concurrency, settings } = options;
  let inHand = new Map<number, InHand>();
  let incarnation = '';
  const queue = lanes(concurrency);
  let source: StreamConsumer | null = null;
  /** The broker's name for this process's time of being the one that is served. */
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

  const giveBackWaiting = () => {
    for (const held of waitingForForerunners ?? []) answer(held, 'given-back');
    waitingForForerunners = [];
  };

  /**
   * A process that takes over from one that died gets new events at once, but those that the dead one had in hand only when their time is
   * over. Nothing is handled before all of them are here: a later event would overtake an earlier one of its aggregate. What waits here when
   * the turn is lost is given back, or whoever is next would wait for it in vain.
   */
  const untilForerunnersAreHere = async (from: StreamConsumer, since: string): Promise<void> => {
    while (!stopping.aborted && pin === since) {
      // Counted before asking: what arrives meanwhile may be missing from the answer.
      const mine = waitingForForerunners?.length ?? 0;
      const now = await from.info().then(turnOf, () => null);
      if (pin !== since) return;
      if (now && now.pin !== since) return loseTurn();
      if (now && now.unanswered <= mine) return enqueueWaiting();
      await pause(100, stopping);
    }
  };
  const loseTurn = () => {
    pin = null;
    giveBackWaiting();
  };
  const enqueueWaiting = () => {
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
      if (newPin !== pin && source) {
        pin = newPin;
        giveBackWaiting();
        void untilForerunnersAreHere(source, newPin);
      }
      if (inHand.has(message.seq)) return;
      const held: InHand = { message, heardAtMs: performance.now() };
      inHand.set(message.seq, held);
      if (stopping.aborted) answer(held, 'given-back');
      else if (waitingForForerunners) waitingForForerunners.push(held);
      else enqueue(held);
    },
    /** The turn that this process had last; null when it had none, or knows that it has lost it. */
    get pin() {
      return pin;
    },
    /** Finishes what is being handled, gives back the rest. */
    empty: async () => {
      giveBackWaiting();
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
