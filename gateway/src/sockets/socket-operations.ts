import type { GraphQLError } from 'graphql';
import { newId } from '@shop/platform/ids';
import { withDeadline } from '@shop/platform/lifecycle';
import type { ClientRequest } from '../client-request.js';
import { deferredTexts } from '../deferred-texts.js';
import type { DeliveryCounts } from '../delivery-counts.js';
import type { LiveClient } from '../engine/live/live-event.js';
import type { LiveHub } from '../engine/live/live-hub.js';
import type { Engine } from '../engine.js';
import { followPaying } from '../follow-paying.js';
import type { OperationParams } from '../http/request-form.js';
import type { Credential } from '../identity.js';
import type { ClientQueue } from '../limits/client-queue.js';
import type { LimitWatch } from '../limits/limit-watch.js';
import { excessOf, type Limits } from '../limits/limits.js';
import { refusal } from '../limits/refusal.js';
import {
  judgeOperation,
  planSubscription,
  runIncrementally,
  runOperation,
  type AllowedOperation,
  type JudgeParts,
} from '../run-operation.js';
import type { WriteResult } from '../write-result.js';
import { takesDeferred } from './defer-spec.js';
import { isExpired } from './socket-credential.js';
import { completeMessage, errorMessage, nextMessage } from './socket-messages.js';
import { SocketOperation } from './socket-operation.js';

export interface OperationParts extends JudgeParts {
  engine: Engine;
  hub: LiveHub<ClientRequest>;
  deliveries: DeliveryCounts;
  write: WriteResult;
  limits: Limits;
  watch: LimitWatch;
  requestTimeoutMs: number;
}

/** What was known of a client when its socket was opened. */
export type ClientFacts = Pick<ClientRequest, 'locale' | 'clientAddress'>;

/** For what is only judged or followed: leaving is told otherwise. */
const NEVER = AbortSignal.any([]);

/** All that runs on one socket, for whoever it belongs to at the moment. */
export class SocketOperations {
  /** Whether its client takes deferred parts of every answer later. */
  takesDeferred = false;
  readonly #parts: OperationParts;
  readonly #facts: ClientFacts;
  readonly #queue: ClientQueue;
  readonly #onExpired: () => void;
  readonly #running = new Map<string, SocketOperation>();
  #credential: Credential | null = null;
  #onQuiet: (() => void) | null = null;

  /** Calls `onExpired` when there is an event for somebody whose credential has expired. */
  constructor(parts: OperationParts, facts: ClientFacts, queue: ClientQueue, onExpired: () => void) {
    this.#parts = parts;
    this.#facts = facts;
    this.#queue = queue;
    this.#onExpired = onExpired;
  }

  has(id: string): boolean {
    return this.#running.has(id);
  }

  /** From now on with this credential; what is followed goes over to its rights. */
  async belongTo(credential: Credential): Promise<void> {
    this.#credential = credential;
    await Promise.all([...this.#running.values()].map((running) => this.#goOver(running, credential)));
  }

  /** Rejects only for what nobody foresaw. */
  async start(id: string, params: OperationParams, credential: Credential): Promise<void> {
    // It will ask again on the next socket.
    if (this.#onQuiet) return;
    const running = new SocketOperation(id);
    this.#running.set(id, running);
    const request = this.#request(credential, NEVER);
    const judged = await judgeOperation(params, request, this.#parts);
    if (running.isOver) return;
    if (judged.kind === 'refused') return this.#refuse(running, judged.errors);
    if (judged.operation.type === 'query' && (this.takesDeferred || takesDeferred(params.extensions)))
      return this.#answerInParts(running, judged.operation, credential);
    if (judged.operation.type !== 'subscription') return this.#answer(running, judged.operation, credential);
    await this.#follow(running, judged.operation, request);
    if (this.#credential && this.#credential !== credential) await this.#goOver(running, this.#credential);
  }

  /** The client wants no more of it. */
  stop(id: string): void {
    const running = this.#running.get(id);
    if (!running) return;
    this.#queue.drop(id);
    this.#end(running);
  }

  /** Resolves once no query or mutation runs; none is begun any more. */
  async untilQuiet(): Promise<void> {
    if (this.#hasQueries()) await new Promise<void>((resolve) => (this.#onQuiet = resolve));
  }

  /** Nobody waits for anything any more. */
  endAll(): void {
    for (const running of this.#running.values()) running.end();
    this.#running.clear();
    this.#onQuiet?.();
  }

  async #answer(running: SocketOperation, operation: AllowedOperation, credential: Credential): Promise<void> {
    using deadline = withDeadline(running.query(), this.#parts.requestTimeoutMs);
    const result = await runOperation(operation, this.#request(credential, deadline.signal), this.#parts.engine);
    if (!running.isOver) this.#tellLast(running, this.#parts.write(result));
  }

  async #answerInParts(running: SocketOperation, operation: AllowedOperation, credential: Credential): Promise<void> {
    const { engine, write, limits, watch, requestTimeoutMs } = this.#parts;
    using deadline = withDeadline(running.query(), requestTimeoutMs);
    const outcome = await runIncrementally(operation, this.#request(credential, deadline.signal), engine);
    if (running.isOver) return;
    if (outcome.kind === 'whole') return this.#tellLast(running, write(outcome.result));
    for await (const { text } of deferredTexts(outcome, { mask: write.error, limits, watch })) {
      if (running.isOver) return;
      this.#queue.send(running.id, nextMessage(running.id, text));
    }
    if (!running.isOver) this.#complete(running);
  }

  async #follow(running: SocketOperation, operation: AllowedOperation, request: ClientRequest): Promise<void> {
    const { engine, hub, deliveries, limits, watch, write } = this.#parts;
    const followed = [...this.#running.values()].filter(({ isSubscription }) => isSubscription).length;
    const [excess] = excessOf('socketSubscriptions', limits.socketSubscriptions, () => followed + 1);
    if (excess && watch.refuses(excess))
      return this.#tellLast(running, write({ errors: [refusal({ ...excess, limit: 'socketSubscriptions' })] }));
    running.subscription(operation);
    const planned = await planSubscription(operation, request, engine);
    if (running.isOver) return;
    if (planned.kind === 'refused') return this.#tellLast(running, write({ errors: planned.errors }));
    const tally = deliveries.of('websocket', operation.document, operation.operationName);
    const client: LiveClient = {
      next: ({ text, key }) => {
        if (this.#credential && isExpired(this.#credential, Date.now())) return this.#onExpired();
        this.#queue.send(running.id, nextMessage(running.id, text), key, tally);
      },
      end: (how) => (how.kind === 'completed' ? this.#complete(running) : this.#refuse(running, [write.error(how.error)])),
    };
    running.follows(followPaying(hub, planned.plan, operation, request, client, () => tally.conflated++));
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

  #tellLast(running: SocketOperation, result: string): void {
    this.#queue.send(running.id, nextMessage(running.id, result));
    this.#complete(running);
  }

  #complete(running: SocketOperation): void {
    this.#queue.send(running.id, completeMessage(running.id));
    this.#end(running);
  }

  #refuse(running: SocketOperation, errors: readonly GraphQLError[]): void {
    this.#queue.send(running.id, errorMessage(running.id, errors));
    this.#end(running);
  }

  #end(running: SocketOperation): void {
    running.end();
    this.#running.delete(running.id);
    if (!this.#hasQueries()) this.#onQuiet?.();
  }

  #hasQueries(): boolean {
    return [...this.#running.values()].some(({ isSubscription }) => !isSubscription);
  }
}
