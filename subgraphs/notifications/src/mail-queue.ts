import { z } from 'zod';
import type { Clock } from '@shop/platform/clock';
import type { Sql } from '@shop/platform/sql';
import type { Logger } from '@shop/platform/logger';
import { startPoller, type Poller } from '@shop/platform/poller';
import { afterFailure, type MailFailure } from './mail-attempt.js';
import type { Mailer } from './mailer.js';

/** A mail that was taken is nobody else's for so long; after a crash it is due again. */
const LEASE_MS = 120_000;
/** What the mailer may take for one mail; well below the lease. */
export const MAIL_DEADLINE_MS = 30_000;
const BATCH = 20;

export interface MailQueue {
  db: Sql;
  mailer: Mailer;
  clock: Clock;
  logger: Logger;
}

/** Works off the queue until disposed; the mailer ends with it, and mails on their way are tried again after the next start. */
export function startMailQueue(queue: MailQueue, everyMs: number): Poller {
  const poller = startPoller({ name: 'mails', everyMs, logger: queue.logger, work: () => sendDueMails(queue) });
  return {
    ...poller,
    [Symbol.asyncDispose]: async () => {
      const stopped = poller[Symbol.asyncDispose]();
      await queue.mailer[Symbol.asyncDispose]();
      await stopped;
    },
  };
}

/**
 * Hands over the mails that are due, outside of any transaction, and writes down what became of each. Returns how many it took. Several
 * processes may run this at once; a crash between handing over and writing down sends a mail twice, with the same Message-ID.
 */
async function sendDueMails(queue: MailQueue): Promise<number> {
  const due = await takeDue(queue.db, queue.clock.now());
  await Promise.all(due.map((mail) => sendOne(queue, mail)));
  return due.length;
}

const dueRow = z
  .object({
    id: z.string(),
    address: z.string(),
    attempts: z.number(),
    subject: z.string(),
    body: z.string(),
    html: z.string(),
  })
  .transform(({ address, body, ...row }) => ({ ...row, to: address, text: body }));

type DueMail = z.output<typeof dueRow>;

function takeDue(sql: Sql, now: Date): Promise<DueMail[]> {
  return sql.rows(
    dueRow,
    `update notification_delivery d set attempts = d.attempts + 1, next_attempt_at = $2
     from notification n
     where n.id = d.notification_id and d.id in (
       select id from notification_delivery where status = 'QUEUED' and channel = 'EMAIL' and next_attempt_at <= $1
       order by next_attempt_at limit $3 for update skip locked
     )
     returning d.id, d.address, d.attempts, n.subject, n.body, n.html`,
    [now, new Date(now.getTime() + LEASE_MS), BATCH],
  );
}

async function sendOne({ db, mailer, clock, logger }: MailQueue, mail: DueMail): Promise<void> {
  const failure = await mailer.send(mail);
  if (failure) {
    logger.warn({ jobId: mail.id, attempts: mail.attempts, code: failure.code }, 'a mail was not taken');
    return writeFailure(db, mail, failure, clock.now());
  }
  await db.run(`update notification_delivery set status = 'SENT', sent_at = $2, next_attempt_at = null, last_error = null where id = $1`, [
    mail.id,
    clock.now(),
  ]);
}

async function writeFailure(sql: Sql, { id, attempts }: DueMail, failure: MailFailure, now: Date): Promise<void> {
  const next = afterFailure(attempts, failure, now);
  await sql.run(
    `update notification_delivery set status = case when $2::timestamptz is null then 'FAILED' else 'QUEUED' end, next_attempt_at = $2, last_error = $3
     where id = $1 and status = 'QUEUED'`,
    [id, next.kind === 'retry' ? next.at : null, `${failure.code ?? 'UNKNOWN'} ${failure.responseCode ?? ''}`.trim()],
  );
}
