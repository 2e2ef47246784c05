import type { Journaled } from '../card-sandbox/journal.js';
import { storedMailSchema, type StoredMail } from './mail.js';

/** The newest mails, each Message-ID once. */
export class MailShelf implements Journaled {
  readonly #byId = new Map<number, StoredMail>();
  readonly #messageIds = new Set<string>();
  #lastId = 0;

  constructor(private readonly limit: number) {}

  /** The mail as it is to be kept, or null when its Message-ID is here already. */
  add(mail: Omit<StoredMail, 'id'>): StoredMail | null {
    if (this.#messageIds.has(mail.messageId)) return null;
    const stored = { id: this.#lastId + 1, ...mail };
    this.#put(stored);
    return stored;
  }

  find(id: number): StoredMail | undefined {
    return this.#byId.get(id);
  }

  /** Newest first. */
  newest(count: number): StoredMail[] {
    return [...this.#byId.values()].toReversed().slice(0, count);
  }

  restore(line: unknown): void {
    const mail = storedMailSchema.parse(line);
    if (!this.#messageIds.has(mail.messageId)) this.#put(mail);
  }

  snapshot(): Iterable<StoredMail> {
    return this.#byId.values();
  }

  #put(mail: StoredMail): void {
    this.#byId.set(mail.id, mail);
    this.#messageIds.add(mail.messageId);
    this.#lastId = mail.id;
    for (const oldest of this.#byId.values()) {
      if (this.#byId.size <= this.limit) return;
      this.#byId.delete(oldest.id);
      this.#messageIds.delete(oldest.messageId);
    }
  }
}
