import { randomInt } from 'node:crypto';
import type { Sql } from '@shop/platform/sql';
import { MongoClient } from 'mongodb';
import { z } from 'zod';

/**
 * The catalog's events are its products: what is sent is the newest version of each that is marked as not sent. Lets those that changed at
 * `since` or later be sent again; returns how many they are.
 */
export interface Products extends AsyncDisposable {
  sendAgainSince(since: Date): Promise<number>;
  /** False when there is no such product any more. */
  sendAgain(productId: string): Promise<boolean>;
  /** How many have a version that is not marked as sent yet. */
  countUnsent(): Promise<number>;
}

/** Another mark than any before: a relay that is sending the product at this moment marks only what still is marked as it was read. */
const noVersion = () => -randomInt(1, 2 ** 31);

export function productsInPostgres(sql: Sql): Products {
  const unmark = 'update product set published_version = $2';
  return {
    sendAgainSince: (since) => sql.run(`${unmark} where updated_at >= $1`, [since, noVersion()]),
    sendAgain: async (id) => (await sql.run(`${unmark} where _id = $1`, [id, noVersion()])) > 0,
    countUnsent: async () => (await sql.rows(z.unknown(), 'select from product where published_version <> version')).length,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

export function productsInMongo(url: string): Products {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000, timeoutMS: 60_000 });
  const unmark = async (filter: { updatedAt: { $gte: Date } } | { _id: string }) => {
    const products = client.db().collection<{ _id: string; updatedAt: Date; publishedVersion: number }>('product');
    return (await products.updateMany(filter, { $unset: { sent: '' }, $set: { publishedVersion: noVersion() } })).matchedCount;
  };
  return {
    sendAgainSince: (since) => unmark({ updatedAt: { $gte: since } }),
    sendAgain: async (id) => (await unmark({ _id: id })) > 0,
    countUnsent: () => client.db().collection('product').countDocuments({ sent: null }),
    [Symbol.asyncDispose]: () => client.close(),
  };
}
