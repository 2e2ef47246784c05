import { setTimeout as delay } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import type { SubgraphAnswer } from '../subgraph-fetcher.js';
import { defaultBackOff, waitBefore } from './back-off.js';
import { keptEvents, type KeptEvents } from './kept-events.js';
import type { LiveEnd, LiveEvent, LiveHubOptions } from './live-event.js';
import type { LivePlan } from './live-plan.js';
import type { LiveShape } from './live-shape.js';
import type { EventMarks } from './primary-request.js';

type Outcome = { kind: 'ended' } | { kind: 'refused'; error: GraphQLError } | { kind: 'lost'; wasThere: boolean };

/** A stream that lasted this long without an event was there. */
const THERE_AFTER_MS = 250;

/** Shapes that stand beside another of the same plan. */
let others = 0;

/** One stream of events of one subgraph, for everybody who asked it alike. It is asked for again when it is lost. */
export class LiveSource<C> {
  plan: LivePlan<C>;
  readonly shapes = new Map<string, LiveShape<C>>();
  readonly kept: KeptEvents;
  readonly #context: C;
  readonly #options: LiveHubOptions<C>;
  readonly #onEnd: () => void;
  readonly #stopping = new AbortController();
  #cursor: EventMarks['cursor'];
  #isStarted = false;
  #stream: AsyncIterator<SubgraphAnswer> | null = null;

  /** Begins after `after` where that is not null. Calls `onEnd` once there will be no more events. */
  constructor(plan: LivePlan<C>, context: C, after: EventMarks['cursor'], options: LiveHubOptions<C>, onEnd: () => void) {
    this.plan = plan;
    this.kept = keptEvents(plan.policy.joining);
    this.#context = context;
    this.#cursor = after;
    this.#options = options;
    this.#onEnd = onEnd;
  }

  /** Under the key of its plan, or beside another of the same plan. */
  add(shape: LiveShape<C>): LiveShape<C> {
    const { shape: key } = shape.plan;
    this.shapes.set(this.shapes.has(key) ? `${key} ${++others}` : key, shape);
    return shape;
  }

  remove(shape: LiveShape<C>): void {
    for (const [key, each] of this.shapes) if (each === shape) this.shapes.delete(key);
  }

  /** Reads events until it is stopped, or there are no more. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    const { backOff = defaultBackOff, random = Math.random } = this.#options;
    const { signal } = this.#stopping;
    let attempt = 0;
    let lostAtMs: number | null = null;
    for (;;) {
      const outcome = await this.#follow();
      if (signal.aborted) return;
      if (outcome.kind === 'ended') return this.#end({ kind: 'completed' });
      if (outcome.kind === 'refused') return this.#end({ kind: 'failed', error: outcome.error });
      if (outcome.wasThere) [attempt, lostAtMs] = [0, performance.now()];
      attempt++;
      const isHopeless = lostAtMs === null ? attempt >= backOff.firstAttempts : performance.now() - lostAtMs > backOff.giveUpAfterMs;
      if (isHopeless) return this.#end({ kind: 'failed', error: sourceLost() });
      await delay(waitBefore(attempt, backOff, random()), null, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }

  stop(): void {
    this.#stopping.abort();
    this.#stream?.return?.().catch(() => undefined);
    this.#onEnd();
  }

  async #follow(): Promise<Outcome> {
    const { signal } = this.#stopping;
    let openedAtMs = Infinity;
    let hasEvents = false;
    try {
      const opened = await this.plan.open(this.#cursor, this.#options.freshContext(this.#context), signal);
      if (!(Symbol.asyncIterator in opened)) return await this.#takeOnly(opened);
      openedAtMs = performance.now();
      this.#stream = opened[Symbol.asyncIterator]();
      this.kept.beginAgain();
      for (;;) {
        const step = await this.#stream.next();
        if (step.done || signal.aborted) return { kind: 'ended' };
        if (isInterruption(step.value)) return { kind: 'lost', wasThere: true };
        hasEvents = true;
        await this.#take(step.value);
      }
    } catch (error) {
      if (error instanceof GraphQLError && !isPassing(error)) return { kind: 'refused', error };
      return { kind: 'lost', wasThere: hasEvents || performance.now() - openedAtMs > THERE_AFTER_MS };
    } finally {
      this.#stream = null;
    }
  }

  async #takeOnly(answer: SubgraphAnswer): Promise<Outcome> {
    if (isInterruption(answer)) return { kind: 'lost', wasThere: false };
    await this.#take(answer);
    return { kind: 'ended' };
  }

  async #take(answer: SubgraphAnswer): Promise<void> {
    const event: LiveEvent = { answer, ...this.plan.marksOf(answer), made: null };
    if (this.#isOld(event) || this.kept.hasAgain(event)) return;
    this.#cursor = event.cursor ?? this.#cursor;
    this.kept.add(event);
    for (const shape of this.shapes.values()) shape.push(event);
    for (const shape of this.shapes.values()) await shape.room();
  }

  #isOld({ cursor }: LiveEvent): boolean {
    if (cursor === null || this.#cursor === null) return false;
    return typeof cursor === 'number' && typeof this.#cursor === 'number' ? cursor <= this.#cursor : cursor === this.#cursor;
  }

  #end(how: LiveEnd): void {
    this.#onEnd();
    for (const shape of this.shapes.values()) shape.end(how);
  }
}

/** The same request may be answered a little later. */
function isPassing({ extensions: { code } }: GraphQLError): boolean {
  return code === undefined || code === 'SERVICE_UNAVAILABLE' || code === 'TIMEOUT' || code === 'INTERNAL_SERVER_ERROR';
}

/** What a subgraph says instead of an event when its own source has failed. */
function isInterruption({ data, errors }: SubgraphAnswer): boolean {
  return !data && errors?.length === 1 && errors[0]?.extensions?.['code'] === 'STREAM_INTERRUPTED';
}

function sourceLost(): GraphQLError {
  return new GraphQLError('The events of this subscription cannot be had at the moment. Subscribe again later.', {
    extensions: { code: 'SUBSCRIPTION_SOURCE_LOST' },
  });
}
