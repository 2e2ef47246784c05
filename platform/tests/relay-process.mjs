// One process of a service: sends what its outbox holds until it is told to end. `node relay-process.mjs DATABASE_URL NATS_URL PREFIX TTL_MS`
import { once } from 'node:events';
import { openDatabase } from '@shop/platform/database';
import { startLease } from '@shop/platform/lease';
import { createLogger } from '@shop/platform/logger';
import { natsBus } from '@shop/platform/nats-bus';
import { RELAY_LEASE, startRelay } from '@shop/platform/relay';

const [databaseUrl, natsUrl, prefix, ttlMs] = process.argv.slice(2);
const logger = createLogger('relay', 'silent');
const db = await openDatabase({ url: databaseUrl, entities: [], migrations: [] });
const bus = natsBus({ url: natsUrl, name: 'relay', logger, prefix, maxBytes: 2 ** 24 });
const lease = startLease({ db, name: RELAY_LEASE, logger, ttlMs: Number(ttlMs) });
const relay = startRelay({ name: 'tests', db, bus, logger, lease });
await once(process, 'SIGTERM');
await relay[Symbol.asyncDispose]();
await bus[Symbol.asyncDispose]();
await db[Symbol.asyncDispose]();
