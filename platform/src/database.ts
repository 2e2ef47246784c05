import { MikroORM, type AnyEntity, type EntityClass } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { Migrator, type Migration } from '@mikro-orm/migrations';
import { PostgreSqlDriver, type EntityManager } from '@mikro-orm/postgresql';
import type { CompiledQuery } from 'kysely';
import type { Pool, PoolClient as Connection } from 'pg';
import { z } from 'zod';
import type { EventContract } from './event.js';
import { appendToOutbox, type OutboxEntry, type UnsentEvent } from './outbox.js';
import { LeaseTable } from './lease-table.migration.js';
import { PlatformTables } from './platform-tables.migration.js';
import { inTransaction } from './pooled-transaction.js';
import { prepareRepeatedStatements } from './prepared-statements.js';
import type { Sql } from './sql.js';
import { isRetryable } from './sql-errors.js';

export interface DatabaseOptions {
  /** `postgresql://…`; `?host=/folder` reaches it by the Unix socket in that folder. */
  url: string;
  entities: EntityClass<AnyEntity>[];
  /** In order; the platform's own tables come before them. */
  migrations: (new (...args: ConstructorParameters<typeof Migration>) => Migration)[];
  /** Connections at most; never below 3, since migrating holds its lock on one, works on another, and looks around on a third. */
  poolSize?: number;
}

/** A command or event to be sent when the transaction has committed. */
export interface Emission {
  aggregateId: string;
  causationId?: string | null;
  traceparent?: string | null;
}

export interface Transaction extends Sql {
  em: EntityManager;
  /** Appends to the outbox as the last step of this transaction. */
  emit<T>(contract: EventContract<T>, emission: Emission, data: NoInfer<T>): void;
  /** Runs after a commit, in order; never after a rollback. Must not throw. */
  afterCommit(callback: () => void): void;
}

export interface Database extends Sql, AsyncDisposable {
  orm: MikroORM<PostgreSqlDriver>;
  /** A new unit of work for reads. */
  em(): EntityManager;
  /**
   * One transaction. Repeated from the start, at most 3 times with jitter, when PostgreSQL reports a deadlock or serialization failure,
   * so `work` must hold no effect outside the database and no network call.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** As `transaction`, for what has much to write and nobody waiting for it: its statements may take as long as they take. */
  longTransaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * As `transaction`, once for each consumer and event: the event is recorded in the inbox in the same transaction. False when it was
   * there before; nothing is done then.
   */
  handleOnce(consumer: string, eventId: string, work: (tx: Transaction) => Promise<void>): Promise<boolean>;
  /** Hears which events a commit has put into the outbox. */
  onOutbox(hear: (events: readonly UnsentEvent[]) => void): void;
  /** Runs outstanding migrations. Safe to call from several processes at once. */
  migrate(): Promise<void>;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
}

/** Per connection: a statement 3 s, a lock 1 s, an idle transaction 10 s; a committed transaction is on disk. */
const sessionSettings =
  '-c statement_timeout=3000 -c lock_timeout=1000 -c idle_in_transaction_session_timeout=10000 -c synchronous_commit=on -c timezone=UTC';

const NO_STATEMENT_TIMEOUT = 'set local statement_timeout = 0';

/** Connects lazily; `migrate` or the first query makes the first connection. Throws when entities or URL are unusable. */
export async function openDatabase({ url, entities, migrations, poolSize = 8 }: DatabaseOptions): Promise<Database> {
  const socketFolder = new URL(url).searchParams.get('host');
  const orm = await MikroORM.init<PostgreSqlDriver>({
    driver: PostgreSqlDriver,
    clientUrl: url,
    entities,
    metadataProvider: ReflectMetadataProvider,
    extensions: [Migrator],
    migrations: { migrationsList: [PlatformTables, LeaseTable, ...migrations], snapshot: false, transactional: true, silent: true },
    discovery: { warnWhenNoEntities: false },
    pool: { min: 0, max: Math.max(3, poolSize), idleTimeoutMillis: 30_000 },
    driverOptions: { options: sessionSettings, connectionTimeoutMillis: 5_000, onPoolCreated: prepareRepeatedStatements },
    ...(socketFolder !== null && { host: socketFolder }),
    implicitTransactions: false,
    forceUtcTimezone: true,
    autoJoinOneToOneOwner: false,
    debug: false,
  });
  const pool = await poolOf(orm);
  const listeners: ((events: readonly UnsentEvent[]) => void)[] = [];
  const sql = sqlOn(pool);

  const attempt = async <T>(opening: string | null, work: (tx: Transaction) => Promise<T>): Promise<T | null> => {
    const entries: OutboxEntry[] = [];
    const callbacks: (() => void)[] = [];
    let appended: readonly UnsentEvent[] = [];
    const result = await inTransaction(pool, opening, async (connection) => {
      const unit = lazyUnitOfWork(orm, connection);
      const tx: Transaction = {
        ...sqlOn(connection),
        get em() {
          return unit.get();
        },
        emit: (contract, emission, data) => void entries.push({ type: contract.type, ...emission, data: contract.data.parse(data) }),
        afterCommit: (callback) => void callbacks.push(callback),
      };
      const value = await work(tx);
      await unit.flush();
      if (entries.length > 0) appended = await appendToOutbox(tx, entries);
      return value;
    });
    if (appended.length > 0) listeners.forEach((hear) => hear(appended));
    callbacks.forEach((callback) => callback());
    return result;
  };
  const repeated = async <T>(opening: string | null, work: (tx: Transaction) => Promise<T>): Promise<T | null> => {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(opening, work);
      } catch (error) {
        if (tries > 3 || !isRetryable(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 180));
      }
    }
  };
  const transaction = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    let outcome: { value: T } | undefined;
    await repeated(null, async (tx) => {
      outcome = { value: await work(tx) };
    });
    if (!outcome) throw new Error('A transaction without an opening statement always runs.');
    return outcome.value;
  };

  return {
    orm,
    ...sql,
    em: () => orm.em.fork(),
    transaction,
    longTransaction: (work) =>
      transaction(async (tx) => {
        await tx.run(NO_STATEMENT_TIMEOUT);
        return await work(tx);
      }),
    handleOnce: async (consumer, eventId, work) => {
      const opening = `insert into inbox (consumer, event_id) values (${literal(consumer)}, ${literal(eventId)}) on conflict do nothing`;
      return (
        (await repeated(opening, async (tx) => {
          await work(tx);
          return true;
        })) !== null
      );
    },
    onOutbox: (hear) => void listeners.push(hear),
    migrate: () => migrateUnderLock(orm),
    ping: async () => void (await sql.rows(z.unknown(), 'select 1')),
    [Symbol.asyncDispose]: () => orm.close(true),
  };
}

/** The ORM's unit of work on a connection, made when it is first asked for: most transactions are a few statements and need none. */
function lazyUnitOfWork(orm: MikroORM<PostgreSqlDriver>, connection: Connection) {
  let em: EntityManager | null = null;
  return {
    get: (): EntityManager => {
      if (em) return em;
      em = orm.em.fork();
      // All that the ORM asks of a transaction is to run its statements on this connection.
      em.setTransactionContext({
        executeQuery: async ({ sql: text, parameters }: CompiledQuery) => {
          const { rows, rowCount } = await connection.query(text, [...parameters]);
          return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
        },
      });
      return em;
    },
    flush: async (): Promise<void> => em?.flush(),
  };
}

function sqlOn(executor: Pool | Connection): Sql {
  return {
    rows: async (schema, text, parameters = []) =>
      (await executor.query(text, [...parameters])).rows.map((row: unknown) => schema.parse(row)),
    run: async (text, parameters = []) => (await executor.query(text, [...parameters])).rowCount ?? 0,
  };
}

/** For constants and ids of our own in statements that take no placeholders. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function poolOf(orm: MikroORM<PostgreSqlDriver>): Promise<Pool> {
  return orm.em.getConnection().getNativeClient();
}

/** Two processes that start together must not both create a table: the second waits for the first. */
async function migrateUnderLock(orm: MikroORM<PostgreSqlDriver>): Promise<void> {
  const lock = 7_403_112;
  const pool = await orm.em.getConnection().getNativeClient();
  const client = await pool.connect();
  try {
    await client.query('set lock_timeout = 0; set statement_timeout = 0');
    await client.query('select pg_advisory_lock($1)', [lock]);
    await migrateWithoutHaste(orm);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lock]);
    client.release(true);
  }
}

/** All in one transaction: a machine that is busy may take its time for a table. */
async function migrateWithoutHaste(orm: MikroORM<PostgreSqlDriver>): Promise<void> {
  const connection = orm.em.getConnection();
  await connection.transactional(async (transaction) => {
    await connection.execute(NO_STATEMENT_TIMEOUT, [], 'run', transaction);
    await orm.migrator.up({ transaction });
  });
}
