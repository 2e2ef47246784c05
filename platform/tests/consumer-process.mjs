// One process of a service: writes down what it hears until it is told to end. `node consumer-process.mjs DATABASE_URL NATS_URL PREFIX NAME`
import { once } from 'node:events';
import { startConsumer, when } from '@shop/platform/consumer';
import { openDatabase } from '@shop/platform/database';
import { createLogger } from '@shop/platform/logger';
import { natsBus } from '@shop/platform/nats-bus';
import { z } from 'zod';

const [databaseUrl, natsUrl, prefix, name] = process.argv.slice(2);
const logger = createLogger('consumer', 'silent');
const db = await openDatabase({ url: databaseUrl, entities: [], migrations: [] });
const bus = natsBus({ url: natsUrl, name, logger, prefix, maxBytes: 2 ** 24, ackWaitMs: 3_000, goneAfterMs: 2_000 });
const counted = { type: 'tests.counted.v1', data: z.object({ n: z.int() }) };
const write = when(counted, async ({ aggregateId, data }, tx) => {
  await tx.run('insert into heard (process, aggregate_id, n) values ($1, $2, $3)', [name, aggregateId, data.n]);
});
const consumer = startConsumer({ name: 'hearing', db, bus, services: {}, subscriptions: [write] });
await once(process, 'SIGTERM');
await consumer[Symbol.asyncDispose]();
await bus[Symbol.asyncDispose]();
await db[Symbol.asyncDispose]();
