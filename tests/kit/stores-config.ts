import { z } from 'zod';

/** The real servers that the suites of stores run on, beside the PostgreSQL of every test run. */
export const STORE_NAMES = ['nats', 'redis', 'valkey', 'elasticsearch', 'mongodb'] as const;

export type StoreName = (typeof STORE_NAMES)[number];

export interface StoresConfig {
  /** Those to start, or to reach by URL. */
  names: readonly StoreName[];
  /** Servers that run already: TEST_NATS_URL, TEST_REDIS_URL, TEST_VALKEY_URL, TEST_ELASTICSEARCH_URL, TEST_MONGODB_URL. */
  urls: Partial<Record<StoreName, string>>;
}

/** TEST_STORES, a list with commas, narrows a run by hand to some servers. Throws when it names another one. */
export function storesConfig(environment: Readonly<Record<string, string | undefined>> = process.env): StoresConfig {
  const wanted = environment['TEST_STORES']?.split(',').map((name) => name.trim());
  const names = wanted ? z.array(z.enum(STORE_NAMES)).parse(wanted) : STORE_NAMES;
  const urls: Partial<Record<StoreName, string>> = {};
  for (const name of names) {
    const url = environment[`TEST_${name.toUpperCase()}_URL`];
    if (url !== undefined && url !== '') urls[name] = url;
  }
  return { names, urls };
}
