import type { Pool, PoolClient as Connection } from 'pg';

/**
 * Runs `work` between begin and commit on one connection; any error rolls back and is thrown on. With `opening`, that statement goes
 * along with the begin in one round trip, and `work` runs only when it wrote a row: else nothing has happened and the answer is null.
 */
export async function inTransaction<T>(
  pool: Pool,
  opening: string | null,
  work: (connection: Connection) => Promise<T>,
): Promise<T | null> {
  const connection = await pool.connect();
  let fault: Error | undefined;
  try {
    if (!(await begin(connection, opening))) {
      await connection.query('rollback');
      return null;
    }
    const value = await work(connection);
    await connection.query('commit');
    return value;
  } catch (error) {
    fault = await rollBack(connection);
    throw error;
  } finally {
    // A connection that could not roll back is in an unknown state and must not be used again.
    connection.release(fault);
  }
}

async function begin(connection: Connection, opening: string | null): Promise<boolean> {
  if (opening === null) {
    await connection.query('begin');
    return true;
  }
  // Several statements in one text are answered by an array, which the driver's types do not say.
  const answers: unknown = await connection.query(`begin; ${opening}`);
  const last: unknown = Array.isArray(answers) ? answers.at(-1) : null;
  return typeof last === 'object' && last !== null && 'rowCount' in last && last.rowCount === 1;
}

async function rollBack(connection: Connection): Promise<Error | undefined> {
  try {
    await connection.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
