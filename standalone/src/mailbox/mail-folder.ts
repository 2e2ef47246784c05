import { join } from 'node:path';
import { openJournal, type Journal } from '../card-sandbox/journal.js';
import { MailShelf } from './mail-shelf.js';
import type { StoredMail } from './mail.js';

const KEPT = 1_000;
/** Lines beyond those kept, after which the file is written anew. */
const SLACK = 4_000;

/** The newest 1,000 mails, also after a crash: one line each in `mails.ndjson` of the folder, which stays below some 5,000 lines. */
export class MailFolder implements AsyncDisposable {
  #appended = 0;
  #written: Promise<void> = Promise.resolve();

  private constructor(
    private readonly file: string,
    private readonly shelf: MailShelf,
    private journal: Journal,
  ) {}

  /** Throws when the file is damaged other than at its end. */
  static async open(folder: string): Promise<MailFolder> {
    const file = join(folder, 'mails.ndjson');
    const shelf = new MailShelf(KEPT);
    return new MailFolder(file, shelf, await openJournal(file, shelf));
  }

  /** Resolves when the mail is written; a second one with the same Message-ID is left out. */
  keep(mail: Omit<StoredMail, 'id'>): Promise<void> {
    const stored = this.shelf.add(mail);
    if (stored !== null) this.#written = this.#written.then(() => this.#write(stored));
    return this.#written;
  }

  find(id: number): StoredMail | undefined {
    return this.shelf.find(id);
  }

  newest(count: number): StoredMail[] {
    return this.shelf.newest(count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Whoever brought a mail has already been told of a failed write.
    await this.#written.catch(() => undefined);
    await this.journal[Symbol.asyncDispose]();
  }

  async #write(mail: StoredMail): Promise<void> {
    if (++this.#appended > SLACK) await this.#shorten();
    await this.journal.append(mail);
  }

  async #shorten(): Promise<void> {
    await this.journal[Symbol.asyncDispose]();
    this.journal = await openJournal(this.file, new MailShelf(KEPT), 0);
    this.#appended = 0;
  }
}
