import { GraphQLError } from 'graphql';
import { pause } from '@shop/platform/lifecycle';
import type { LiveAnswer, LiveClient, LiveEnd } from '../engine/live/live-event.js';
import type { Charged } from './partner-budget.js';

/** So many answers may wait to be paid for. */
const MOST_WAITING = 100;

export interface PayingClientOptions {
  /** Takes the points of one event. */
  charge(): Promise<Charged>;
  /** An answer was dropped in favour of a later one. */
  conflated?(): void;
  /** Calls back after so long, or when the signal fires; `pause` when left out. */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * A client that pays for each event but the first, which was paid for by subscribing. When its budget is used up, states wait until there are
 * points again, older ones dropped in favour of newer; where no event may be missed, and when very many wait, the subscription ends with
 * RATE_LIMITED.
 */
export class PayingClient implements LiveClient {
  readonly #client: LiveClient;
  readonly #options: PayingClientOptions;
  readonly #stopping = new AbortController();
  #waiting: LiveAnswer[] = [];
  #end: LiveEnd | null = null;
  #isBusy = false;
  #isPaid = true;

  constructor(client: LiveClient, options: PayingClientOptions) {
    this.#client = client;
    this.#options = options;
  }

  next(answer: LiveAnswer): void {
    const older = answer.key === null ? -1 : this.#waiting.findIndex(({ key }) => key === answer.key);
    if (older >= 0) {
      this.#waiting[older] = answer;
      this.#options.conflated?.();
    } else this.#waiting.push(answer);
    if (this.#waiting.length > MOST_WAITING) return this.fail(tooMany());
    this.#work();
  }

  /** After everything that waits. */
  end(how: LiveEnd): void {
    this.#end = how;
    this.#work();
  }

  /** Nothing is told any more. */
  stop(): void {
    this.#stopping.abort();
    this.#waiting = [];
  }

  /** At once: what waits is not told. */
  fail(error: GraphQLError): void {
    if (this.#stopping.signal.aborted) return;
    this.stop();
    this.#client.end({ kind: 'failed', error });
  }

  #work(): void {
    if (this.#isBusy || this.#stopping.signal.aborted) return;
    this.#isBusy = true;
    void this.#tellAll().finally(() => (this.#isBusy = false));
  }

  async #tellAll(): Promise<void> {
    const { signal } = this.#stopping;
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const charged = await this.#charge();
      if (signal.aborted) return;
      if (charged.kind === 'refused') {
        if (this.#waiting.some(({ key }) => key === null)) return this.fail(charged.error);
        await (this.#options.wait ?? pause)(retryAfterMs(charged.error), signal);
        if (signal.aborted) return;
        continue;
      }
      const answer = this.#waiting.shift();
      if (answer) this.#client.next(answer);
    }
    if (this.#end) {
      this.stop();
      this.#client.end(this.#end);
    }
  }

  async #charge(): Promise<Charged> {
    if (!this.#isPaid) return this.#options.charge();
    this.#isPaid = false;
    return { kind: 'ok', headers: {} };
  }
}

function tooMany(): GraphQLError {
  return new GraphQLError('Events come faster than they can be paid for.', {
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 1 },
  });
}

function retryAfterMs({ extensions: { retryAfterSeconds } }: GraphQLError): number {
  return (typeof retryAfterSeconds === 'number' ? retryAfterSeconds : 1) * 1_000;
}
