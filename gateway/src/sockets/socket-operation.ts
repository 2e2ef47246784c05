import type { ClientRequest } from '../client-request.js';
import type { Following } from '../engine/live/live-hub.js';
import type { AllowedOperation } from '../run-operation.js';

/** What runs on a socket under one id. */
export class SocketOperation {
  readonly id: string;
  /** Nobody waits for anything of it any more. */
  isOver = false;
  /** Of a subscription. */
  operation: AllowedOperation | null = null;
  following: Following<ClientRequest> | null = null;
  #query: AbortController | null = null;

  constructor(id: string) {
    this.id = id;
  }

  get isSubscription(): boolean {
    return this.operation !== null;
  }

  /** It is a query or a mutation: fires when its answer is not waited for any more. */
  query(): AbortSignal {
    this.#query = new AbortController();
    return this.#query.signal;
  }

  /** It is a subscription, and is being planned. */
  subscription(operation: AllowedOperation): void {
    this.operation = operation;
  }

  follows(following: Following<ClientRequest>): void {
    if (this.isOver) following.leave();
    else this.following = following;
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.following?.leave();
    this.#query?.abort();
  }
}
