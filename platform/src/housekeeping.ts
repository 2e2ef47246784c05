import { purgeInbox } from './consumer.js';
import type { Database } from './database.js';
import type { Sql } from './sql.js';
import { purgeIdempotent } from './idempotency.js';
import type { Logger } from './logger.js';
import { purgeSent } from './outbox.js';
import { startPoller, type Poller } from './poller.js';

/** How long sent events stay for being sent again, in days. */
const KEEP_SENT_DAYS = 7;
/** How long an event is known as handled, in days. Longer than any event may be sent again. */
const KEEP_RECEIVED_DAYS = 30;
/** How long a repeated request is answered from its idempotency key, in days; one that is kept, for ever. */
const KEEP_IDEMPOTENT_DAYS = 7;

/** In small batches, so that no delete holds its locks for long. */
const BATCH = 1000;
const EVERY_MS = 60 * 60_000;

/** Deletes at most `limit` rows that nobody needs any more and returns how many. */
export type Purge = (sql: Sql, limit: number) => Promise<number>;

const purges: readonly Purge[] = [
  (sql, limit) => purgeSent(sql, KEEP_SENT_DAYS, limit),
  (sql, limit) => purgeInbox(sql, KEEP_RECEIVED_DAYS, limit),
  (sql, limit) => purgeIdempotent(sql, KEEP_IDEMPOTENT_DAYS, limit),
];

/** Keeps the platform's tables, and what `own` adds, from growing for ever: hourly, in batches, until nothing is due. */
export function startHousekeeping(db: Database, logger: Logger, own: readonly Purge[] = []): Poller {
  return startPoller({
    name: 'housekeeping',
    everyMs: EVERY_MS,
    logger,
    work: async () => {
      let deleted = 0;
      for (const purge of [...purges, ...own]) deleted += await purge(db, BATCH);
      return deleted;
    },
  });
}
