import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { usableBinaries } from '@shop/standalone/postgres-binaries';
import { initialise } from '@shop/standalone/postgres-process';
import pg from 'pg';
import { portOf, type Place, type Recipe } from './server.js';

const settings = {
  listen_addresses: '127.0.0.1',
  max_connections: '400',
  fsync: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  jit: 'off',
  unix_socket_directories: '',
};

/** PostgreSQL from the npm package that the one-process shop uses too; npm has installed it. */
export const postgres: Recipe = {
  install: async (_home, account) => void usableBinaries(account, () => undefined),
  prepare: async (place) => {
    const data = clusterOf(place);
    if (existsSync(data)) return;
    const made = { path: place.data, data: join(place.data, 'made'), logFile: '', account: place.account };
    await initialise(
      made,
      usableBinaries(place.account, () => undefined),
      place.secret,
      true,
    );
    renameSync(made.data, data);
  },
  command: (place) => ({
    program: usableBinaries(place.account, () => undefined).postgres,
    args: [
      '-D',
      clusterOf(place),
      ...Object.entries({ ...settings, port: portOf(place) }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: { LC_ALL: 'C', TZ: 'UTC' },
  }),
  ask: async (place) => {
    const client = new pg.Client({ connectionString: postgresUrl(place), connectionTimeoutMillis: 2_000, query_timeout: 2_000 });
    await client.connect();
    try {
      await client.query('select 1');
    } finally {
      await client.end();
    }
  },
  url: postgresUrl,
  stopSignal: 'SIGINT',
  readyWithinMs: 120_000,
};

function clusterOf({ data }: Place): string {
  return join(data, 'cluster');
}

function postgresUrl(place: Place): string {
  return `postgresql://postgres:${place.secret}@127.0.0.1:${portOf(place)}/postgres`;
}
