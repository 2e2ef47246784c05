import type { ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import { pause } from '@shop/platform/lifecycle';
import type { LiveClient, LiveEnd } from '../engine/live/live-event.js';
import { withoutHint } from '../http/http-hint.js';
import type { Credential } from '../identity.js';
import { ClientQueue, type DeliveryTally } from '../limits/client-queue.js';
import { atExpiry, isExpired } from '../sockets/socket-credential.js';
import type { StreamForm } from './stream-form.js';

/** A client that does not take the rest is not waited for any longer. */
const FAREWELL_MS = 2_000;

/** An answer that goes on until its subscription ends, its credential expires, or the client leaves. */
export class ClientStream implements LiveClient {
  readonly credential: Credential;
  readonly tally: DeliveryTally;
  readonly #response: ServerResponse;
  readonly #form: StreamForm;
  readonly #queue: ClientQueue;
  readonly #expiry: NodeJS.Timeout | null;

  /** `isTooMuch` judges how many events wait; the connection ends when it says so. */
  constructor(
    response: ServerResponse,
    form: StreamForm,
    credential: Credential,
    tally: DeliveryTally,
    isTooMuch: (waiting: number) => boolean,
  ) {
    this.credential = credential;
    this.tally = tally;
    this.#response = response;
    this.#form = form;
    const wire = {
      write: (text: string, taken: () => void) => void response.write(text, taken),
      buffered: () => response.writableLength,
    };
    this.#queue = new ClientQueue(wire, (waiting) => {
      if (!isTooMuch(waiting)) return false;
      response.destroy();
      return true;
    });
    this.#expiry = atExpiry(credential, () => this.endUnauthenticated());
    response.write(form.opening);
  }

  next({ text, key }: { text: string; key: string | null }): void {
    if (isExpired(this.credential, Date.now())) return this.endUnauthenticated();
    this.#queue.send('', this.#form.next(text), key, this.tally);
  }

  end(how: LiveEnd): void {
    const { fatal, closing } = this.#form;
    this.#last(how.kind === 'failed' ? fatal(JSON.stringify([withoutHint(how.error)])) + closing : closing);
  }

  /** Its token has expired, or its session has ended. */
  endUnauthenticated(): void {
    this.end({ kind: 'failed', error: new GraphQLError('Sign in again.', { extensions: { code: 'UNAUTHENTICATED' } }) });
  }

  /** After so long, without a word that the subscription has ended: the client subscribes again, elsewhere. Resolves when it is gone. */
  async leaveOffAfter(ms: number): Promise<void> {
    const gone = new AbortController();
    this.#response.once('close', () => gone.abort());
    await pause(ms, gone.signal);
    this.#last('');
    await pause(FAREWELL_MS, gone.signal);
    this.#response.destroy();
  }

  /** Not while the client has something else to read. */
  beat(): void {
    if (this.#response.writableLength === 0) this.#response.write(this.#form.heartbeat);
  }

  /** The client is gone. */
  gone(): void {
    this.#queue.close();
    if (this.#expiry) clearTimeout(this.#expiry);
  }

  #last(text: string): void {
    this.#queue.sendLast('', text, () => this.#response.end());
  }
}
