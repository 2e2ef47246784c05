import { z } from 'zod';
import { IdempotencyKeys, keptAnswerRecord } from './idempotency.js';
import { openJournal, type Journal } from './journal.js';
import { paymentIntentRecord, type PaymentIntent } from './payment-intent.js';
import { refundRecord, type Refund } from './refund.js';
import { webhookEventRecord, type WebhookEvent } from './webhook-event.js';

/** Everything one request changed. It is one line of the journal, so that a torn line never keeps half of a request. */
const commitRecord = z.object({
  intent: paymentIntentRecord.optional(),
  refunds: z.array(refundRecord).optional(),
  events: z.array(webhookEventRecord).optional(),
  answer: keptAnswerRecord.optional(),
  delivered: z.string().optional(),
});

export type Commit = z.infer<typeof commitRecord>;

/** What the sandbox knows: maps in memory, rebuilt from the journal when it opens. */
export class Ledger implements AsyncDisposable {
  readonly keys = new IdempotencyKeys();
  readonly #intents = new Map<string, PaymentIntent>();
  readonly #refunds = new Map<string, Refund>();
  readonly #intentOfCharge = new Map<string, string>();
  readonly #undelivered = new Map<string, WebhookEvent>();
  #oldestFirst: string[] | null = null;

  private constructor(private journal: Journal | null = null) {}

  /** `journalFile` null keeps everything in memory only. Throws when a line before the last one cannot be read. */
  static async open(journalFile: string | null): Promise<Ledger> {
    const ledger = new Ledger();
    const restore = (line: unknown): void => ledger.#apply(commitRecord.parse(line));
    ledger.journal = await openJournal(journalFile, { restore, snapshot: () => ledger.#snapshot() });
    return ledger;
  }

  /** In memory at once, visible to the next request; resolves when it would survive the process. */
  async commit(commit: Commit): Promise<void> {
    this.#apply(commit);
    await this.journal?.append(commit);
  }

  /** Resolves when everything that a reader can see now would survive the process. */
  async durable(): Promise<void> {
    await this.journal?.flushed();
  }

  intent(id: string): PaymentIntent | undefined {
    return this.#intents.get(id);
  }

  intentOfCharge(chargeId: string): PaymentIntent | undefined {
    return this.#intents.get(this.#intentOfCharge.get(chargeId) ?? '');
  }

  refund(id: string): Refund | undefined {
    return this.#refunds.get(id);
  }

  refunds(): Refund[] {
    return [...this.#refunds.values()];
  }

  undelivered(): WebhookEvent[] {
    return [...this.#undelivered.values()];
  }

  /** Newest first; among equals the one that came later. */
  *intents(): Generator<PaymentIntent> {
    this.#oldestFirst ??= [...this.#intents.values()].toSorted((a, b) => a.created - b.created).map(({ id }) => id);
    const ids = this.#oldestFirst;
    for (let index = ids.length - 1; index >= 0; index--) {
      const intent = this.#intents.get(ids[index] ?? '');
      if (intent !== undefined) yield intent;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.journal?.[Symbol.asyncDispose]();
  }

  #apply({ intent, refunds, events, answer, delivered }: Commit): void {
    if (intent !== undefined) this.#put(intent);
    for (const refund of refunds ?? []) this.#refunds.set(refund.id, refund);
    for (const event of events ?? []) this.#undelivered.set(event.id, event);
    if (answer !== undefined) this.keys.keep(answer);
    if (delivered !== undefined) this.#undelivered.delete(delivered);
  }

  *#snapshot(): Generator<Commit> {
    for (const intent of this.#intents.values()) yield { intent };
    for (const refund of this.#refunds.values()) yield { refunds: [refund] };
    for (const event of this.#undelivered.values()) yield { events: [event] };
    for (const answer of this.keys.answers()) yield { answer };
  }

  #put(intent: PaymentIntent): void {
    if (!this.#intents.has(intent.id)) this.#append(intent);
    this.#intents.set(intent.id, intent);
    if (intent.charge !== null) this.#intentOfCharge.set(intent.charge.id, intent.id);
  }

  /** Intents come in the order of their time; only an import of older ones makes the order be built anew. */
  #append({ id, created }: PaymentIntent): void {
    if (this.#oldestFirst === null) return;
    const newest = this.#intents.get(this.#oldestFirst.at(-1) ?? '');
    if (newest !== undefined && newest.created > created) this.#oldestFirst = null;
    else this.#oldestFirst.push(id);
  }
}
