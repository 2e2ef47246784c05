import { openDatabase, type Database, type DatabaseOptions } from '@shop/platform/database';
import { createTestDatabase } from './postgres.js';

export interface OpenTestDatabase extends AsyncDisposable {
  readonly db: Database;
  readonly url: string;
}

/** A database of its own with the platform's tables and those of `migrations`; disposing closes and drops it. */
export async function openTestDatabase(migrations: DatabaseOptions['migrations'] = []): Promise<OpenTestDatabase> {
  await using opening = new AsyncDisposableStack();
  const { url } = opening.use(await createTestDatabase());
  const db = opening.use(await openDatabase({ url, entities: [], migrations }));
  await db.migrate();
  const opened = opening.move();
  return { db, url, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
