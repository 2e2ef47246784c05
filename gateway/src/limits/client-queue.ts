/** How messages reach a client: a socket, or an answer that goes on. */
export interface Wire {
  /** `taken` is called when the message has left this process, or never will. */
  write(text: string, taken: () => void): void;
  /** Bytes that were written and have not left this process. */
  buffered(): number;
}

/** What became of the events of a subscription. */
export interface DeliveryTally {
  /** Written to their client. */
  delivered: number;
  /** Dropped in favour of a later state. */
  conflated: number;
  /** Times that a client was cut off because it did not take them. */
  cutOff: number;
}

interface Message {
  /** What it belongs to. */
  of: string;
  tally: DeliveryTally | null;
  /** Of messages with the same key that wait, only the newest is kept; null: all are. */
  key: string | null;
  text: string;
}

/** A client that has this much to read is given no more. */
const FULL_BYTES = 16_384;

/**
 * Messages for one client, in order. What it does not take waits here; once `isTooMuch` says so of their number, everything is dropped.
 * Idle, it holds nothing.
 */
export class ClientQueue {
  readonly #wire: Wire;
  readonly #isTooMuch: (waiting: number) => boolean;
  #waiting: Message[] = [];
  #isClosed = false;
  #onEmpty: (() => void) | null = null;

  constructor(wire: Wire, isTooMuch: (waiting: number) => boolean) {
    this.#wire = wire;
    this.#isTooMuch = isTooMuch;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Of an event, `tally` counts what becomes of it. */
  send(of: string, text: string, key: string | null = null, tally: DeliveryTally | null = null): void {
    if (this.#isClosed || text === '') return;
    if (this.#waiting.length === 0 && this.#wire.buffered() < FULL_BYTES) return this.#write(text, tally);
    const older = key === null ? undefined : this.#waiting.findLast((message) => message.key === key && message.of === of);
    if (older) {
      older.text = text;
      if (tally) tally.conflated++;
    } else this.#waiting.push({ of, key, text, tally });
    if (!this.#isTooMuch(this.#waiting.length)) return;
    if (tally) tally.cutOff++;
    this.close();
  }

  /** What waits of it is not sent any more. */
  drop(of: string): void {
    if (this.#waiting.length > 0) this.#waiting = this.#waiting.filter((message) => message.of !== of);
  }

  /** Behind everything that waits; `done` is called when all of it has been written. */
  sendLast(of: string, text: string, done: () => void): void {
    if (this.#isClosed) return;
    this.send(of, text);
    this.#isClosed = true;
    this.#onEmpty = done;
    if (this.#waiting.length === 0) done();
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
  }

  readonly #flush = (): void => {
    while (this.#waiting.length > 0 && this.#wire.buffered() < FULL_BYTES) {
      const next = this.#waiting.shift();
      if (next) this.#write(next.text, next.tally);
      if (this.#waiting.length === 0) this.#onEmpty?.();
    }
  };

  #write(text: string, tally: DeliveryTally | null): void {
    if (tally) tally.delivered++;
    this.#wire.write(text, this.#flush);
  }
}
