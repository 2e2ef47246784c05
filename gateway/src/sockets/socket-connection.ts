import { GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import { formOfPayload } from '../http/request-form.js';
import type { Credential, Identity } from '../identity.js';
import { ClientQueue } from '../limits/client-queue.js';
import { excessOf } from '../limits/limits.js';
import type { SocketCount } from '../limits/socket-count.js';
import { takesDeferred } from './defer-spec.js';
import { atExpiry, authorizationIn, countedViewer, viewerKey } from './socket-credential.js';
import * as messages from './socket-messages.js';
import { SocketOperations, type ClientFacts, type OperationParts } from './socket-operations.js';

export interface ConnectionParts extends OperationParts {
  identity: Identity;
  ofViewer: SocketCount;
  initTimeoutMs: number;
}

/** One socket of graphql-transport-ws, from its first message to its end. */
export class SocketConnection {
  readonly #socket: WebSocket;
  readonly #parts: ConnectionParts;
  readonly #queue: ClientQueue;
  readonly #operations: SocketOperations;
  #hasBegun = false;
  #credential: Credential | null = null;
  #timer: NodeJS.Timeout | null;
  #isClosing = false;
  #leave: (() => void) | null = null;

  constructor(socket: WebSocket, facts: ClientFacts, parts: ConnectionParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#queue = new ClientQueue({ write: (text, taken) => socket.send(text, taken), buffered: () => socket.bufferedAmount }, (waiting) =>
      this.#isTooMuch(waiting),
    );
    this.#operations = new SocketOperations(parts, facts, this.#queue, () => this.close('tokenExpired'));
    this.#timer = setTimeout(() => this.close('initTimeout'), parts.initTimeoutMs);
    socket.on('message', (data: Buffer, isBinary) => this.#hear(data, isBinary));
    socket.once('close', () => this.#ended());
  }

  get credential(): Credential | null {
    return this.#credential;
  }

  /** Ends the socket, and at once everything that runs on it: a client that does not answer the closing frame gets nothing more. */
  close(why: messages.Closing): void {
    if (this.#isClosing) return;
    const [code, reason] = messages.closings[why];
    this.#socket.close(code, reason);
    this.#ended();
  }

  /** As `goingAway`, once the queries and mutations that run are answered. */
  async drain(): Promise<void> {
    await this.#operations.untilQuiet();
    this.close('goingAway');
  }

  #hear(data: Buffer, isBinary: boolean): void {
    if (this.#isClosing) return;
    const message = isBinary ? null : messages.parseMessage(data.toString());
    if (!message) return this.close('invalidMessage');
    switch (message.type) {
      case 'connection_init':
        if (this.#hasBegun) return this.close('secondInit');
        this.#hasBegun = true;
        return this.#guard(this.#begin(message.payload));
      case 'ping':
        return this.#guard(this.#answerPing(message.payload));
      case 'pong':
        return;
      case 'subscribe':
        return this.#subscribe(message.id, message.payload);
      case 'complete':
        return this.#operations.stop(message.id);
      default:
        return message satisfies never;
    }
  }

  #subscribe(id: string, payload: Record<string, unknown>): void {
    if (!this.#credential) return this.close('unauthorized');
    if (this.#operations.has(id)) return this.close('idTaken');
    const form = formOfPayload(payload);
    if (form.kind === 'faulty') return this.close('invalidMessage');
    this.#guard(this.#operations.start(id, form.params, this.#credential));
  }

  async #begin(payload: unknown): Promise<void> {
    const credential = await this.#authenticated(payload);
    if (this.#isClosing) return;
    if (!credential) return this.close('forbidden');
    this.#leave = this.#parts.ofViewer.enter(countedViewer(credential));
    if (!this.#leave) return this.close('tooManySockets');
    this.#operations.takesDeferred = takesDeferred(payload);
    this.#guard(this.#accept(credential));
    this.#socket.send(messages.ACKNOWLEDGED);
  }

  /** A ping may bring a newer token of the same viewer. */
  async #answerPing(payload: unknown): Promise<void> {
    const found = authorizationIn(payload);
    if (found.kind !== 'found' || found.value === undefined || !this.#credential) return this.#pong(payload);
    const before = viewerKey(this.#credential.viewer);
    const credential = await this.#authenticated(payload);
    if (this.#isClosing) return;
    if (!credential) return this.close('forbidden');
    if (before === null || viewerKey(credential.viewer) !== before) return this.close('otherViewer');
    await this.#accept(credential);
    const { expiresAtMs } = credential;
    this.#pong({ expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString() });
  }

  async #authenticated(payload: unknown): Promise<Credential | null> {
    const found = authorizationIn(payload);
    if (found.kind === 'faulty') return null;
    return this.#parts.identity.authenticate(found.value).catch((error: unknown) => {
      if (error instanceof GraphQLError) return null;
      throw error;
    });
  }

  async #accept(credential: Credential): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#credential = credential;
    this.#timer = atExpiry(credential, () => this.close('tokenExpired'));
    await this.#operations.belongTo(credential);
  }

  /** In the queue like everything else: a client that pings and reads nothing fills no memory. */
  #pong(payload: unknown): void {
    this.#queue.send('', messages.pongMessage(payload));
  }

  #isTooMuch(waiting: number): boolean {
    const [excess] = excessOf('socketQueue', this.#parts.limits.socketQueue, () => waiting);
    if (!excess || !this.#parts.watch.refuses(excess)) return false;
    this.close('tooSlow');
    return true;
  }

  #guard(work: Promise<void>): void {
    work.catch(() => this.close('failed'));
  }

  #ended(): void {
    this.#isClosing = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#queue.close();
    this.#operations.endAll();
    this.#leave?.();
    this.#leave = null;
  }
}
