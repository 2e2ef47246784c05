import { signWebhook, type WebhookEvent } from './webhook-event.js';

/** Sends one webhook and says with which HTTP status it was answered. A rejection counts as not delivered. */
export type DeliverWebhook = (rawBody: string, headers: Record<string, string>, signal: AbortSignal) => Promise<number>;

export interface WebhookDeliveryOptions {
  deliver: DeliverWebhook;
  secret: string;
  /** Every nth event is sent twice, as Stripe may do; 0 never. */
  duplicateEvery: number;
  clock: () => Date;
  /** Called once an event was answered 2xx (or given up), before it stops counting as pending. */
  onDelivered: (event: WebhookEvent) => Promise<void>;
}

const deadlineMs = 5_000;
const backOffMs = [200, 1_000, 5_000, 30_000, 60_000];
const giveUpAfterSeconds = 3 * 24 * 60 * 60;
const parallelDeliveries = 16;
const rememberedEvents = 1_000;

interface Delivery {
  event: WebhookEvent;
  attempts: number;
  /** How many more 2xx answers are wanted. */
  copies: number;
}

/** Sends events at least once, in no promised order, until each is answered 2xx; after three days without one it gives up. */
export class WebhookDelivery implements AsyncDisposable {
  readonly #pending = new Map<string, Delivery>();
  readonly #ready = new Set<Delivery>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  readonly #remembered = new Map<string, WebhookEvent>();
  readonly #closing = new AbortController();
  #waiting: (() => void)[] = [];
  #counted = 0;
  #started = false;

  constructor(private readonly options: WebhookDeliveryOptions) {}

  get pending(): number {
    return this.#pending.size;
  }

  /** The newest events, delivered or not, oldest first. */
  events(): WebhookEvent[] {
    return [...this.#remembered.values()];
  }

  /** Until this is called events are only collected. */
  start(): void {
    this.#started = true;
    this.#pump();
  }

  enqueue(event: WebhookEvent): void {
    this.#remember(event);
    this.#counted += 1;
    const { duplicateEvery } = this.options;
    this.#schedule(event, duplicateEvery > 0 && this.#counted % duplicateEvery === 0 ? 2 : 1);
  }

  /** Sends a remembered event once more; false when it is unknown or still on its way. */
  deliverAgain(eventId: string): boolean {
    const event = this.#remembered.get(eventId);
    if (event === undefined || this.#pending.has(eventId)) return false;
    this.#schedule(event, 1);
    return true;
  }

  /** Resolves when nothing is pending, or when delivery ends. */
  async settled(): Promise<void> {
    if (this.#pending.size === 0 || this.#closing.signal.aborted) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.allSettled(this.#running);
    this.#wakeWaiting();
  }

  #remember(event: WebhookEvent): void {
    this.#remembered.set(event.id, event);
    for (const id of this.#remembered.keys()) {
      if (this.#remembered.size <= rememberedEvents) return;
      this.#remembered.delete(id);
    }
  }

  #schedule(event: WebhookEvent, copies: number): void {
    const delivery = { event, attempts: 0, copies };
    this.#pending.set(event.id, delivery);
    this.#ready.add(delivery);
    this.#pump();
  }

  #pump(): void {
    for (const delivery of this.#ready) {
      if (!this.#started || this.#closing.signal.aborted || this.#running.size >= parallelDeliveries) return;
      this.#ready.delete(delivery);
      const running = this.#attempt(delivery).finally(() => {
        this.#running.delete(running);
        this.#pump();
      });
      this.#running.add(running);
    }
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const accepted = await this.#send(delivery.event);
    if (accepted) delivery.copies -= 1;
    if (delivery.copies === 0 || this.#isTooOld(delivery.event)) return this.#finish(delivery);
    if (this.#closing.signal.aborted) return;
    if (accepted) this.#ready.add(delivery);
    else this.#retryLater(delivery);
  }

  async #send({ rawBody }: WebhookEvent): Promise<boolean> {
    const { deliver, secret } = this.options;
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': signWebhook(rawBody, secret, this.#now()),
      'user-agent': 'Stripe/1.0 (card sandbox)',
    };
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(deadlineMs)]);
    try {
      const status = await Promise.race([deliver(rawBody, headers, signal), rejectedBy(signal)]);
      return status >= 200 && status < 300;
    } catch {
      // A receiver that is down, slow or broken is the case that retries are for.
      return false;
    }
  }

  #retryLater(delivery: Delivery): void {
    const delayMs = backOffMs[Math.min(delivery.attempts, backOffMs.length - 1)];
    delivery.attempts += 1;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#ready.add(delivery);
      this.#pump();
    }, delayMs);
    this.#timers.add(timer);
  }

  async #finish({ event }: Delivery): Promise<void> {
    await this.options.onDelivered(event);
    this.#pending.delete(event.id);
    if (this.#pending.size === 0) this.#wakeWaiting();
  }

  #wakeWaiting(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #isTooOld({ created }: WebhookEvent): boolean {
    return this.#now() - created > giveUpAfterSeconds;
  }

  #now(): number {
    return Math.floor(this.options.clock().getTime() / 1000);
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
