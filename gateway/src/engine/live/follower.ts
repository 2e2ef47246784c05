import type { LiveAnswer, LiveClient, LiveEnd } from './live-event.js';
import type { EventMarks } from './primary-request.js';

/** One client of a shape, and what it was told last: it may have to be served by another source some day. */
export class Follower {
  hasLeft = false;
  /** Of the last event that it was told. */
  cursor: EventMarks['cursor'] = null;
  readonly #client: LiveClient;
  /** By entity, where there is no cursor. Texts are shared with all others who were told the same. */
  #told: Map<string, string> | null = null;
  #hasMoved = false;

  constructor(client: LiveClient) {
    this.#client = client;
  }

  /** From now on it may be offered what it was told before. */
  moved(): void {
    this.#hasMoved = true;
  }

  /** The same client in another place, once this one has left. */
  successor(): Follower {
    const next = new Follower(this.#client);
    next.cursor = this.cursor;
    next.#told = this.#told;
    next.#hasMoved = true;
    return next;
  }

  next(answer: LiveAnswer): void {
    if (this.hasLeft || (this.#hasMoved && this.#wasTold(answer))) return;
    this.cursor = answer.cursor ?? this.cursor;
    if (answer.cursor === null && answer.entity !== null) (this.#told ??= new Map<string, string>()).set(answer.entity, answer.text);
    this.#client.next(answer);
  }

  end(how: LiveEnd): void {
    if (this.hasLeft) return;
    this.hasLeft = true;
    this.#client.end(how);
  }

  #wasTold({ cursor, entity, text }: LiveAnswer): boolean {
    if (typeof cursor === 'number' && typeof this.cursor === 'number') return cursor <= this.cursor;
    return entity !== null && this.#told?.get(entity) === text;
  }
}
