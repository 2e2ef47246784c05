import { GraphQLError, type ExecutionResult } from 'graphql';
import type { GraphOperation } from '../graph-engine.js';
import type { Follower } from './follower.js';
import type { LiveAnswer, LiveEnd, LiveEvent, LiveHubOptions } from './live-event.js';
import type { LivePlan } from './live-plan.js';
import type { LiveSource } from './live-source.js';
import type { EventMarks } from './primary-request.js';

type Job =
  | { kind: 'event'; event: LiveEvent }
  | { kind: 'join'; follower: Follower; kept: readonly LiveEvent[] }
  | { kind: 'end'; how: LiveEnd };

/** From this many events on that wait to be completed, the source is not read on. */
const ENOUGH = 100;

/** What was made of an event is good for somebody who joins this much later; after that the other subgraphs are asked again. */
const FRESH_MS = 1_000;

/** Everybody who asked alike: each event is completed and written once, and told to all of them, in order. */
export class LiveShape<C> {
  plan: LivePlan<C>;
  source: LiveSource<C>;
  readonly operation: GraphOperation;
  readonly context: C;
  readonly #options: LiveHubOptions<C>;
  readonly #followers = new Set<Follower>();
  #isStopped = false;
  #completing: AbortController | null = null;
  #jobs: Job[] = [];
  #joining = 0;
  #isBusy = false;
  #room: PromiseWithResolvers<void> | null = null;

  constructor(plan: LivePlan<C>, operation: GraphOperation, context: C, source: LiveSource<C>, options: LiveHubOptions<C>) {
    this.plan = plan;
    this.operation = operation;
    this.context = context;
    this.source = source;
    this.#options = options;
  }

  get size(): number {
    return this.#followers.size + this.#joining;
  }

  /** Of the last event that anybody here was told. */
  newestCursor(): EventMarks['cursor'] {
    const [first] = this.#followers;
    return first?.cursor ?? null;
  }

  /** From now on events come from this source and are completed by this plan; what waits already, too. */
  goOver(plan: LivePlan<C>, source: LiveSource<C>): void {
    if (source !== this.source) for (const follower of this.#followers) follower.moved();
    this.plan = plan;
    this.source = source;
  }

  push(event: LiveEvent): void {
    const older = this.plan.policy.conflate && event.entity !== null ? this.#jobs.find((job) => isOf(job, event.entity)) : undefined;
    if (older?.kind === 'event') {
      older.event = event;
      this.#options.conflated?.(this.operation);
    } else this.#do({ kind: 'event', event });
  }

  /** Tells the follower of `kept` first, and then of everything that is pushed from now on. */
  join(follower: Follower, kept: readonly LiveEvent[]): void {
    this.#joining++;
    this.#do({ kind: 'join', follower, kept });
  }

  leave(follower: Follower): void {
    follower.hasLeft = true;
    this.#followers.delete(follower);
  }

  end(how: LiveEnd): void {
    this.#do({ kind: 'end', how });
  }

  /** Nobody is left: what still waits is not completed any more, and the source is left. */
  stop(): void {
    this.source.remove(this);
    if (this.source.shapes.size === 0) this.source.stop();
    this.#jobs = [];
    this.#isStopped = true;
    this.#completing?.abort();
    this.#room?.resolve();
  }

  /** Resolves when more events are welcome. */
  async room(): Promise<void> {
    if (this.#jobs.length < ENOUGH || this.#isStopped) return;
    this.#room ??= Promise.withResolvers();
    await this.#room.promise;
  }

  #do(job: Job): void {
    this.#jobs.push(job);
    if (!this.#isBusy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) {
      await this.#carryOut(job);
      if (this.#jobs.length < ENOUGH) {
        this.#room?.resolve();
        this.#room = null;
      }
    }
    this.#isBusy = false;
  }

  async #carryOut(job: Job): Promise<void> {
    switch (job.kind) {
      case 'event': {
        if (this.#followers.size === 0) return;
        const answer = await this.#answerTo(job.event);
        for (const follower of this.#followers) follower.next(answer);
        return;
      }
      case 'join':
        for (const event of job.kept) if (!job.follower.hasLeft) job.follower.next(await this.#answerTo(event));
        this.#joining--;
        if (!job.follower.hasLeft) this.#followers.add(job.follower);
        return;
      case 'end':
        for (const follower of this.#followers) follower.end(job.how);
        return this.#followers.clear();
      default:
        return job satisfies never;
    }
  }

  async #answerTo(event: LiveEvent): Promise<LiveAnswer> {
    const { made } = event;
    if (made?.by === this.plan && performance.now() - made.atMs < FRESH_MS) return made.answer;
    const { entity, cursor } = event;
    const text = this.#options.write(await this.#complete(event));
    const answer: LiveAnswer = { text, entity, cursor, key: this.plan.policy.conflate ? entity : null };
    event.made = { by: this.plan, answer, atMs: performance.now() };
    return answer;
  }

  async #complete({ answer }: LiveEvent): Promise<ExecutionResult> {
    const { freshContext, eventTimeoutMs } = this.#options;
    const completing = (this.#completing = new AbortController());
    const timer = setTimeout(() => completing.abort(tooLate()), eventTimeoutMs);
    try {
      return await this.plan.complete(answer, freshContext(this.context), completing.signal);
    } catch (error) {
      return { errors: [new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) })] };
    } finally {
      clearTimeout(timer);
      this.#completing = null;
    }
  }
}

function tooLate(): Error {
  return Object.assign(new Error('An event took too long to complete.'), { name: 'TimeoutError' });
}

function isOf(job: Job, entity: string | null): boolean {
  return job.kind === 'event' && job.event.entity === entity;
}
