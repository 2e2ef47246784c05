import { z } from 'zod';
import type { Database, Transaction } from './database.js';
import type { Sql } from './sql.js';
import type { Logger } from './logger.js';
import { startPoller, type Poller } from './poller.js';

/** The state of long-running processes of one type, one row each, and the instant at which each wants to be woken. */
export interface SagaStore<S> {
  /** Reads and locks one saga until the transaction ends; null when there is none. */
  load(tx: Sql, id: string): Promise<S | null>;
  /** Writes the state. `deadlineAt` null: it waits for messages only. */
  save(tx: Sql, id: string, state: S, deadlineAt: Date | null): Promise<void>;
}

/** `type` names the process; states are read by `schema`, which so has to know those of earlier releases too. */
export function sagaStore<S>(type: string, schema: z.ZodType<S>): SagaStore<S> {
  const row = z.object({ state: schema });
  return {
    load: async (tx, id) => {
      const [found] = await tx.rows(row, `select state from saga where type = $1 and id = $2 for update`, [type, id]);
      return found?.state ?? null;
    },
    save: async (tx, id, state, deadlineAt) => {
      await tx.run(
        `insert into saga (type, id, state, deadline_at) values ($1, $2, $3, $4)
         on conflict (type, id) do update set state = excluded.state, deadline_at = excluded.deadline_at, version = saga.version + 1, updated_at = now()`,
        [type, id, JSON.stringify(state), deadlineAt],
      );
    },
  };
}

export interface SagaTimerOptions {
  db: Database;
  type: string;
  logger: Logger;
  /** How often to look for expired deadlines. */
  everyMs?: number;
  /** "Now" of the deadlines; the database's own clock decides when left out. */
  now?: () => Date;
  /** Runs in the transaction that has cleared the deadline. */
  onExpired(id: string, tx: Transaction): Promise<void>;
}

/** Wakes sagas whose deadline has passed, one transaction each; several processes may run this at once. */
export function startSagaTimers({ db, type, logger, everyMs = 1000, now, onExpired }: SagaTimerOptions): Poller {
  const expireOne = (): Promise<number> =>
    db.transaction(async (tx) => {
      const [due] = await tx.rows(
        z.object({ id: z.string() }),
        `update saga set deadline_at = null where (type, id) = (
           select type, id from saga where type = $1 and deadline_at <= coalesce($2::timestamptz, now())
           order by deadline_at limit 1 for update skip locked) returning id`,
        [type, now?.() ?? null],
      );
      if (due) await onExpired(due.id, tx);
      return due ? 1 : 0;
    });
  return startPoller({ name: `${type} timers`, everyMs, logger, work: expireOne });
}
