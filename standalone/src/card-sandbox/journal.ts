import { createReadStream } from 'node:fs';
import { mkdir, open, rename, truncate, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';

/** An append-only file of JSON lines. A line is written whole or not at all as far as a reader can see. */
export interface Journal extends AsyncDisposable {
  /** Resolves when the line would survive a `kill -9` (written, not fsynced). After a failed write every append fails. */
  append(line: unknown): Promise<void>;
  /** Resolves when everything appended so far is written. */
  flushed(): Promise<void>;
}

/** The state a journal rebuilds: fed line by line, and able to say itself in as few lines as it needs. */
export interface Journaled {
  restore(line: unknown): void;
  snapshot(): Iterable<unknown>;
}

/** Below this length a journal is never rewritten. */
const compactFromBytes = 16 * 1024 * 1024;

/**
 * Reads `file` back into `state`, cuts off a torn last line, and continues it; a long journal is first rewritten as a snapshot.
 * Null keeps nothing. Throws when another line than the last cannot be read.
 */
export async function openJournal(file: string | null, state: Journaled, compactFrom = compactFromBytes): Promise<Journal> {
  if (file === null) return new MemoryJournal();
  await mkdir(dirname(file), { recursive: true });
  await (await open(file, 'a')).close();
  const completeBytes = await readLines(file, (line) => state.restore(line));
  if (completeBytes >= compactFrom) await rewrite(file, state.snapshot());
  else await truncate(file, completeBytes);
  return new FileJournal(await open(file, 'a'));
}

/** The new file takes the old one's place only when it is whole and on the disk. */
async function rewrite(file: string, lines: Iterable<unknown>): Promise<void> {
  const draft = `${file}.draft`;
  await writeFile(draft, textOf(lines), { flush: true });
  await rename(draft, file);
}

function* textOf(lines: Iterable<unknown>): Generator<string> {
  for (const line of lines) yield `${JSON.stringify(line)}\n`;
}

class MemoryJournal implements Journal {
  async append(): Promise<void> {}
  async flushed(): Promise<void> {}
  async [Symbol.asyncDispose](): Promise<void> {}
}

class FileJournal implements Journal {
  #batch: string[] = [];
  #next: Promise<void> | null = null;
  #written: Promise<void> = Promise.resolve();

  constructor(private readonly handle: FileHandle) {}

  append(line: unknown): Promise<void> {
    this.#batch.push(`${JSON.stringify(line)}\n`);
    this.#next ??= this.#writeBatch(this.#written);
    return this.#next;
  }

  flushed(): Promise<void> {
    return this.#next ?? this.#written;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Whoever appended has already been told of a failed write.
    await this.flushed().catch(() => undefined);
    await this.handle.close();
  }

  /** One write at a time, of everything that came up since the one before; one turn of the event loop fills a batch. */
  async #writeBatch(before: Promise<void>): Promise<void> {
    await before;
    await setImmediate();
    const text = this.#batch.join('');
    this.#batch = [];
    this.#written = this.handle.appendFile(text);
    this.#next = null;
    await this.#written;
  }
}

/** Calls `restore` with each complete line and returns the length in bytes of the complete lines. */
async function readLines(file: string, restore: (line: unknown) => void): Promise<number> {
  let complete = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const text: Buffer = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = text.indexOf(10); end !== -1; end = text.indexOf(10, start)) {
      restore(JSON.parse(text.toString('utf8', start, end)));
      start = end + 1;
    }
    complete += start;
    rest = text.subarray(start);
  }
  return complete;
}
