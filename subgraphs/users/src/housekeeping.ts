import type { Clock } from '@shop/platform/clock';
import type { Database } from '@shop/platform/database';
import type { Logger } from '@shop/platform/logger';
import { startPoller, type Poller } from '@shop/platform/poller';
import { FORGET_AFTER_SECONDS } from './sign-in-throttle.js';

/** In small batches, so that no delete holds its locks for long. */
const BATCH = 500;

/** What nobody can use any more goes. $1 is now. */
const DELETIONS = [
  `delete from refresh_token where token_hash in (select token_hash from refresh_token where expires_at < $1 limit ${BATCH})`,
  `delete from session where id in (
     select id from session where last_refreshed_at < $1::timestamptz - interval '31 days' limit ${BATCH})`,
  `delete from sign_in_failure where account_hash in (
     select account_hash from sign_in_failure where last_failed_at < $1::timestamptz - interval '${FORGET_AFTER_SECONDS} seconds' limit ${BATCH})`,
  `delete from address_budget where key in (select key from address_budget where used_until < $1 limit ${BATCH})`,
];

export function startHousekeeping(db: Database, clock: Clock, logger: Logger): Poller {
  return startPoller({
    name: 'users housekeeping',
    everyMs: 60_000,
    logger,
    work: async () => {
      const now = clock.now().toISOString();
      let deleted = 0;
      for (const deletion of DELETIONS) deleted += await db.run(deletion, [now]);
      return deleted;
    },
  });
}
