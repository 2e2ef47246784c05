import { z } from 'zod';
import type { Sql } from './sql.js';
import { newId } from './ids.js';
import type { Logger } from './logger.js';
import { startPoller } from './poller.js';

/** What at most one process holds at a time, and loses when it is silent for too long. */
export interface Lease extends AsyncDisposable {
  /**
   * The fencing number, which rises whenever another process takes over; null while this process can't be sure to hold the lease. A process
   * that was paused sees null as soon as it goes on; what it wrote with an older number is refused by whoever compares.
   */
  readonly fence: number | null;
  /** Called whenever this process has taken the lease. */
  onTaken(callback: () => void): void;
}

export interface LeaseOptions {
  db: Sql;
  /** One row of the table `lease`. */
  name: string;
  logger: Logger;
  /** How long a silent holder keeps it; renewed three times as often. Default 6 s. */
  ttlMs?: number;
}

const taken = z.object({ fence: z.coerce.number() });

/** Tries to take the lease until disposed, and keeps it once taken. The database's clock decides when it ends. Disposing gives it back. */
export function startLease({ db, name, logger, ttlMs = 6_000 }: LeaseOptions): Lease {
  const holder = newId();
  const callbacks: (() => void)[] = [];
  let fence: number | null = null;
  let sureUntilMs = 0;
  const isSure = () => fence !== null && performance.now() < sureUntilMs;

  const takeOrRenew = async (): Promise<number> => {
    const askedAtMs = performance.now();
    const [row] = await db.rows(
      taken,
      `insert into lease (name, holder, fence, expires_at) values ($1, $2, 1, now() + $3 * interval '1 ms')
       on conflict (name) do update set
         holder = excluded.holder, expires_at = excluded.expires_at,
         fence = case when lease.holder = excluded.holder then lease.fence else lease.fence + 1 end
       where lease.holder = excluded.holder or lease.expires_at <= now()
       returning fence`,
      [name, holder, ttlMs],
    );
    const isNew = row !== undefined && row.fence !== fence;
    fence = row?.fence ?? null;
    // Counted from before the question: the database's time began later, so it ends later.
    sureUntilMs = askedAtMs + ttlMs * 0.9;
    if (isNew) {
      logger.info({ reason: name }, 'lease taken');
      callbacks.forEach((callback) => callback());
    }
    return 0;
  };
  const poller = startPoller({ name: `lease ${name}`, everyMs: ttlMs / 3, logger, work: takeOrRenew });
  poller.wake();
  return {
    get fence() {
      return isSure() ? fence : null;
    },
    onTaken: (callback) => void callbacks.push(callback),
    [Symbol.asyncDispose]: async () => {
      await poller[Symbol.asyncDispose]();
      fence = null;
      await db.run(`update lease set expires_at = now() where name = $1 and holder = $2`, [name, holder]).catch((err: unknown) => {
        logger.warn({ err, reason: name }, 'lease not given back; it ends by itself');
      });
    },
  };
}
