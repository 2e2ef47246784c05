import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Tells another of our processes that the viewer of this request may see `subject`: it was checked by its owner. Never leaves our
 * processes, so it does not expire; `subject` says what exactly is proved, e.g. `order:<id>`.
 */
export function proofOf(subject: string, secret: string): string {
  return createHmac('sha256', secret).update(`proof of ${subject}`).digest('base64url');
}

/** Whether `proof` was made for this subject with this secret. */
export function proves(proof: string, subject: string, secret: string): boolean {
  const [given, expected] = [Buffer.from(proof), Buffer.from(proofOf(subject, secret))];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
