import { GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import { newId } from '@shop/platform/ids';
import { withDeadline } from '@shop/platform/lifecycle';
import type { ClientRequest } from '../client-request.js';
import type { LiveHub } from '../engine/live/live-hub.js';
import type { Engine } from '../engine.js';
import { formOfPayload } from '../http/request-form.js';
import type { Credential, Identity } from '../identity.js';
import { ClientQueue } from '../limits/client-queue.js';
import type { LimitWatch } from '../limits/limit-watch.js';
import { excessOf, type Limits } from '../limits/limits.js';
import { refusal } from '../limits/refusal.js';
import type { SocketCount } from '../limits/socket-count.js';
import { judgeOperation, planSubscription, runOperation, type AllowedOperation, type JudgeParts } from '../run-operation.js';
import type { WriteResult } from '../write-result.js';
import { atExpiry, authorizationIn, countedViewer, isExpired, viewerKey } from './socket-credential.js';
import * as messages from './socket-messages.js';
import { SocketOperation } from './socket-operation.js';

export interface ConnectionParts extends JudgeParts {
  engine: Engine;
  hub: LiveHub<ClientRequest>;
  identity: Identity;
  write: WriteResult;
  limits: Limits;
  watch: LimitWatch;
  ofViewer: SocketCount;
  initTimeoutMs: number;
  requestTimeoutMs: number;
}

/** What was known of a client when its socket was opened. */
export type ClientFacts = Pick<ClientRequest, 'locale' | 'clientAddress'>;

/** For what is only judged or followed: leaving is told otherwise. */
const NEVER = AbortSignal.any([]);

/** One socket of graphql-transport-ws, from its first message to its end. */
export class SocketConnection {
  readonly #socket: WebSocket;
  readonly #facts: ClientFacts;
  readonly #parts: ConnectionParts;
  readonly #queue: ClientQueue;
  readonly #operations = new Map<string, SocketOperation>();
  #hasBegun = false;
  #credential: Credential | null = null;
  #timer: NodeJS.Timeout | null;
  #isClosing = false;
  #leave: (() => void) | null = null;
  #onQuiet: (() => void) | null = null;

  constructor(socket: WebSocket, facts: ClientFacts, parts: ConnectionParts) {
    this.#socket = socket;
    this.#facts = facts;
    this.#parts = parts;
    this.#queue = new ClientQueue({ write: (text, taken) => socket.send(text, taken), buffered: () => socket.bufferedAmount }, (waiting) =>
      this.#isTooMuch(waiting),
    );
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
    if (this.#hasQueries()) await new Promise<void>((resolve) => (this.#onQuiet = resolve));
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
        if (!this.#credential) return this.close('unauthorized');
        if (this.#operations.has(message.id)) return this.close('idTaken');
        // It will ask again on the next socket.
        if (this.#onQuiet) return;
        return this.#guard(this.#start(message.id, message.payload, this.#credential));
      case 'complete':
        return this.#stop(message.id);
      default:
        return message satisfies never;
    }
  }

  async #begin(payload: unknown): Promise<void> {
    const credential = await this.#authenticated(payload);
    if (this.#isClosing) return;
    if (!credential) return this.close('forbidden');
    this.#leave = this.#parts.ofViewer.enter(countedViewer(credential));
    if (!this.#leave) return this.close('tooManySockets');
    this.#accept(credential);
    this.#socket.send(messages.ACKNOWLEDGED);
  }

  /** A ping may bring a newer token of the same viewer. */
  async #answerPing(payload: unknown): Promise<void> {
    const found = authorizationIn(payload);
    if (found.kind !== 'found' || found.value === undefined || !this.#credential) return this.#say(messages.pongMessage(payload));
    const before = viewerKey(this.#credential.viewer);
    const credential = await this.#authenticated(payload);
    if (this.#isClosing) return;
    if (!credential) return this.close('forbidden');
    if (before === null || viewerKey(credential.viewer) !== before) return this.close('otherViewer');
    this.#accept(credential);
    await Promise.all([...this.#operations.values()].map((operation) => this.#goOver(operation, credential)));
    const { expiresAtMs } = credential;
    this.#say(messages.pongMessage({ expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString() }));
  }

  async #authenticated(payload: unknown): Promise<Credential | null> {
    const found = authorizationIn(payload);
    if (found.kind === 'faulty') return null;
    return this.#parts.identity.authenticate(found.value).catch((error: unknown) => {
      if (error instanceof GraphQLError) return null;
      throw error;
    });
  }

  #accept(credential: Credential): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#credential = credential;
    this.#timer = atExpiry(credential, () => this.close('tokenExpired'));
  }

  async #start(id: string, payload: Record<string, unknown>, credential: Credential): Promise<void> {
    const form = formOfPayload(payload);
    if (form.kind === 'faulty') return this.close('invalidMessage');
    const running = new SocketOperation(id);
    this.#operations.set(id, running);
    const request = this.#request(credential, NEVER);
    const judged = await judgeOperation(form.params, request, this.#parts);
    if (running.isOver) return;
    if (judged.kind === 'refused') return this.#refuse(running, judged.errors);
    if (judged.operation.type === 'subscription') await this.#follow(running, judged.operation, request);
    else await this.#answer(running, judged.operation, credential);
  }

  async #answer(running: SocketOperation, operation: AllowedOperation, credential: Credential): Promise<void> {
    using deadline = withDeadline(running.query(), this.#parts.requestTimeoutMs);
    const result = await runOperation(operation, this.#request(credential, deadline.signal), this.#parts.engine);
    if (running.isOver) return;
    this.#queue.send(running.id, messages.nextMessage(running.id, this.#parts.write(result)));
    this.#complete(running);
  }

  async #follow(running: SocketOperation, operation: AllowedOperation, request: ClientRequest): Promise<void> {
    const { engine, hub, limits, watch, write } = this.#parts;
    const followed = [...this.#operations.values()].filter(({ isSubscription }) => isSubscription).length;
    const [excess] = excessOf('socketSubscriptions', limits.socketSubscriptions, () => followed + 1);
    if (excess && watch.refuses(excess)) {
      const errors = [refusal({ ...excess, limit: 'socketSubscriptions' })];
      this.#queue.send(running.id, messages.nextMessage(running.id, write({ errors })));
      return this.#complete(running);
    }
    running.subscription(operation);
    const planned = await planSubscription(operation, request, engine);
    if (running.isOver) return;
    if (planned.kind === 'refused') {
      this.#queue.send(running.id, messages.nextMessage(running.id, write({ errors: planned.errors })));
      return this.#complete(running);
    }
    running.follows(
      hub.follow(planned.plan, operation, request, {
        next: ({ text, key }) => {
          if (this.#credential && isExpired(this.#credential, Date.now())) return this.close('tokenExpired');
          this.#queue.send(running.id, messages.nextMessage(running.id, text), key);
        },
        end: (how) => (how.kind === 'completed' ? this.#complete(running) : this.#refuse(running, [write.error(how.error)])),
      }),
    );
  }

  /** The same subscription with the rights of the newer token. */
  async #goOver(running: SocketOperation, credential: Credential): Promise<void> {
    if (!running.operation || !running.following) return;
    const request = this.#request(credential, NEVER);
    const planned = await planSubscription(running.operation, request, this.#parts.engine);
    if (running.isOver) return;
    if (planned.kind === 'planned') return running.following.moveTo(planned.plan, request);
    this.#refuse(running, planned.errors.map(this.#parts.write.error));
  }

  #request({ viewer, authorization = null }: Credential, signal: AbortSignal): ClientRequest {
    const deadlineAtMs = Date.now() + this.#parts.requestTimeoutMs;
    return { ...this.#facts, viewer, authorization, requestId: newId(), traceparent: null, deadlineAtMs, signal };
  }

  /** The client wants no more of it. */
  #stop(id: string): void {
    const running = this.#operations.get(id);
    if (!running) return;
    running.end();
    this.#queue.drop(id);
    this.#forget(running);
  }

  #complete(running: SocketOperation): void {
    this.#queue.send(running.id, messages.completeMessage(running.id));
    running.end();
    this.#forget(running);
  }

  #refuse(running: SocketOperation, errors: readonly GraphQLError[]): void {
    this.#queue.send(running.id, messages.errorMessage(running.id, errors));
    running.end();
    this.#forget(running);
  }

  #forget({ id }: SocketOperation): void {
    this.#operations.delete(id);
    if (!this.#hasQueries()) this.#onQuiet?.();
  }

  #hasQueries(): boolean {
    return [...this.#operations.values()].some(({ isSubscription }) => !isSubscription);
  }

  #say(text: string): void {
    if (!this.#isClosing) this.#socket.send(text);
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
    for (const running of this.#operations.values()) running.end();
    this.#operations.clear();
    this.#leave?.();
    this.#leave = null;
    this.#onQuiet?.();
  }
}
