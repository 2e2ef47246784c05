import { createHash } from 'node:crypto';
import { z } from 'zod';
import { answerRecord, type Answer } from './answer.js';
import { refusal, type Refusal } from './refusal.js';

/** An answer kept under its key; `fingerprint` tells another request under the same key, `at` is in Unix seconds. */
export const keptAnswerRecord = z.object({ key: z.string(), fingerprint: z.string(), at: z.int(), answer: answerRecord });

export type KeptAnswer = z.infer<typeof keptAnswerRecord>;

export type KeyClaim = { kind: 'first' } | { kind: 'replay'; answer: Answer } | Refusal;

/** Keys are forgotten after 24 h (docs.stripe.com/api/idempotent_requests) or when this many newer ones exist. */
const keptSeconds = 24 * 60 * 60;
const keptKeys = 200_000;

/** Same key and same request: the same answer. Another request under the key is refused, and so is one while the first runs. */
export class IdempotencyKeys {
  readonly #kept = new Map<string, KeptAnswer>();
  readonly #running = new Set<string>();

  claim(key: string, fingerprint: string, at: number): KeyClaim {
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.at + keptSeconds > at && kept.fingerprint !== fingerprint) return otherRequest(key);
    if (this.#running.has(key)) return stillRunning(key);
    if (kept !== undefined && kept.at + keptSeconds > at) return { kind: 'replay', answer: kept.answer };
    this.#running.add(key);
    return { kind: 'first' };
  }

  /** To be called once for every claim that was `first`, whether or not an answer was kept. */
  release(key: string): void {
    this.#running.delete(key);
  }

  /** Every answer still kept, oldest first. */
  answers(): Iterable<KeptAnswer> {
    return this.#kept.values();
  }

  keep(answer: KeptAnswer): void {
    this.#kept.delete(answer.key);
    this.#kept.set(answer.key, answer);
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= keptKeys) return;
      this.#kept.delete(key);
    }
  }
}

/** What makes two requests the same: the address and the body, byte for byte. */
export const fingerprintOf = (path: string, body: string): string => createHash('sha256').update(`${path}\n${body}`).digest('base64');

const otherRequest = (key: string): Refusal =>
  refusal(null, `Keys for idempotent requests can only be used with the same parameters they were first used with. Key: ${key}`, {
    type: 'idempotency_error',
  });

const stillRunning = (key: string): Refusal =>
  refusal('idempotency_key_in_use', `There is currently another in-progress request using this Idempotent Key: ${key}`, {
    status: 409,
    type: 'idempotency_error',
  });
