import { expect, it } from 'vitest';
import type { ComposeProcess } from '../compose/compose-file.js';
import { onThisMachine } from './loopback.js';

const surroundings = {
  ports: new Map([
    ['orders:4005', 20_005],
    ['cart:4004', 20_004],
    ['mailbox:2525', 20_025],
  ]),
  stores: new Map([
    ['postgres', 'postgresql://postgres:root@127.0.0.1:21000/postgres'],
    ['nats', 'nats://127.0.0.1:21001'],
    ['mongodb', 'mongodb://127.0.0.1:21002'],
  ]),
  folderOf: (volume: string) => `/stack/volumes/${volume}`,
};
const orders = (environment: Record<string, string>): ComposeProcess => ({
  name: 'orders',
  command: [],
  environment,
  dependsOn: new Map(),
  profiles: [],
  volumes: new Map([['/data', 'journal']]),
});
const there = (environment: Record<string, string>) => onThisMachine(orders(environment), surroundings);

it('puts loopback in the place of containers, wherever an address stands', () => {
  expect(
    there({
      HOST: '0.0.0.0',
      PORT: '4005',
      CART_URL: 'http://cart:4004',
      SMTP_URL: 'smtp://mailbox:2525',
      FORWARD: '/a=http://cart:4004,/=http://orders:4005',
    }),
  ).toEqual({
    HOST: '127.0.0.1',
    PORT: '20005',
    CART_URL: 'http://127.0.0.1:20004',
    SMTP_URL: 'smtp://127.0.0.1:20025',
    FORWARD: '/a=http://127.0.0.1:20004,/=http://127.0.0.1:20005',
  });
});

it('keeps roles and databases of PostgreSQL, and takes other stores as they are', () => {
  expect(
    there({
      DATABASE_URL: 'postgresql://orders:secret@postgres:5432/orders',
      POSTGRES_URL: 'postgresql://postgres:other@postgres:5432/postgres',
      NATS_URL: 'nats://shop:secret@nats:4222',
      MONGODB_URL: 'mongodb://mongodb:27017/catalog?replicaSet=rs0',
    }),
  ).toEqual({
    DATABASE_URL: 'postgresql://orders:secret@127.0.0.1:21000/orders',
    POSTGRES_URL: 'postgresql://postgres:root@127.0.0.1:21000/postgres',
    NATS_URL: 'nats://127.0.0.1:21001',
    MONGODB_URL: 'mongodb://127.0.0.1:21002/catalog',
  });
});

it('puts a folder in the place of a volume, and leaves everything else alone', () => {
  expect(
    there({ FOLDER: '/data', JOURNAL: '/data/x.ndjson', OTHER: '/database', LOG_LEVEL: 'info', PUBLIC_URL: 'http://localhost:4000' }),
  ).toEqual({
    FOLDER: '/stack/volumes/journal',
    JOURNAL: '/stack/volumes/journal/x.ndjson',
    OTHER: '/database',
    LOG_LEVEL: 'info',
    PUBLIC_URL: 'http://localhost:4000',
  });
});
