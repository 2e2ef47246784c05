import { MikroORM } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MongoDriver } from '@mikro-orm/mongodb';
import { serviceUnavailable } from '@shop/platform/graphql-errors';
import type { CatalogStoreOptions } from '../catalog-store.js';
import { Category } from '../category.entity.js';
import { Product } from '../product.entity.js';

/**
 * What a write promises and a read sees, whatever the URL says: a write is on the disks of a majority before it is acknowledged, and a read
 * sees nothing that a change of the primary could take back.
 */
const mongoPromises = {
  w: 'majority',
  journal: true,
  readConcernLevel: 'majority',
  readPreference: 'primary',
  retryWrites: true,
  serverSelectionTimeoutMS: 2_000,
  connectTimeoutMS: 2_000,
  /** Of one statement, waiting for a server and for a connection included. */
  timeoutMS: 2_000,
  ignoreUndefined: false,
} as const;

const AWAY = /^Mongo(Network|ServerSelection|OperationTimeout|TopologyClosed|PoolCleared|PoolCleaned|WaitQueueTimeout|NotConnected)/;

/** Runs a statement. Throws SERVICE_UNAVAILABLE when the server does not answer in time, and what the ORM would throw for anything else. */
export async function reaching<T>(orm: MikroORM<MongoDriver>, statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      if (AWAY.test(cause.name)) throw Object.assign(serviceUnavailable('The catalog'), { cause: error });
    throw orm.em.getDriver().convertException(error);
  }
}

/** Connects when it is first used. The database is the one that the URL names; `catalog` when it names none. */
export function connectMongo({ url, poolSize = 8 }: CatalogStoreOptions): Promise<MikroORM<MongoDriver>> {
  return MikroORM.init<MongoDriver>({
    driver: MongoDriver,
    clientUrl: url,
    dbName: databaseIn(url) ?? 'catalog',
    entities: [Product, Category],
    metadataProvider: ReflectMetadataProvider,
    ensureIndexes: false,
    implicitTransactions: false,
    driverOptions: { ...mongoPromises, maxPoolSize: poolSize },
    debug: false,
  });
}

/** The address may name several servers, with commas, so that it is no URL in the strict sense. */
function databaseIn(url: string): string | null {
  return /^[a-z+]+:\/\/[^/]+\/([^?]+)/.exec(url)?.[1] ?? null;
}
