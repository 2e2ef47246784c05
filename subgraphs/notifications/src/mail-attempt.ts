/** Waits after the first, second, … failed attempt. */
const BACKOFF_MS = [1_000, 5_000, 30_000, 120_000, 600_000];

/** Attempts at most, the first one included. */
export const MAX_ATTEMPTS = BACKOFF_MS.length + 1;

/** What a mail server said, or that it did not say anything. */
export interface MailFailure {
  /** Nodemailer's code, e.g. ECONNECTION or EENVELOPE. */
  code: string | null;
  /** SMTP reply code (RFC 5321 section 4.2.1), when there was a reply. */
  responseCode: number | null;
}

export type NextStep = { kind: 'retry'; at: Date } | { kind: 'give-up' };

/** `attempts` counts the one that just failed. */
export function afterFailure(attempts: number, failure: MailFailure, now: Date): NextStep {
  const wait = BACKOFF_MS[attempts - 1];
  if (wait === undefined || isFinal(failure)) return { kind: 'give-up' };
  return { kind: 'retry', at: new Date(now.getTime() + wait) };
}

/** 5xx about this recipient or this mail will be the same tomorrow; 5xx about us (a wrong password) will be repaired. */
function isFinal({ code, responseCode }: MailFailure): boolean {
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== null && responseCode >= 500;
}
