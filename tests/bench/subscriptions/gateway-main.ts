// The gateway alone, as it runs in production but for the limits of sockets.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { limitsOf, startGateway, type Gateway } from '@shop/gateway';
import { createLogger } from '@shop/platform/logger';
import { httpTransport } from '@shop/platform/subgraph-transport';
import { answerParent } from '../bench-process.js';
import { BENCH_SECRET } from './secret.js';

let gateway: Gateway | null = null;

async function start(orders: number, payments: number): Promise<number> {
  const elsewhere = ['users', 'catalog', 'search', 'cart', 'inventory', 'notifications'].map((name): [string, number] => [name, 9]);
  const ports = new Map([...elsewhere, ['orders', orders], ['payments', payments]]);
  gateway = await startGateway(
    {
      supergraphSdl: await readFile(new URL('../../../../schema/supergraph.graphql', import.meta.url), 'utf8'),
      tokenIssuer: 'none',
      tokenAudience: 'none',
      orderTokenSecrets: [],
      introspection: false,
      corsOrigins: [],
      trustProxy: false,
      limits: limitsOf('enforce', { addressSockets: 1_000_000 }),
      // Ten thousand clients that come within seconds are no reason to turn some away here.
      shedAboveDelayMs: 60_000,
      requestTimeoutMs: 10_000,
      drainDelayMs: 0,
    },
    {
      transports: new Map([...ports].map(([name, port]) => [name, httpTransport(`http://127.0.0.1:${port}`, BENCH_SECRET)])),
      logger: createLogger('gateway', 'error'),
    },
  );
  return gateway.listen(0, '127.0.0.1');
}

answerParent(z.object({ orders: z.number(), payments: z.number() }).partial(), async ({ orders, payments }) =>
  orders !== undefined && payments !== undefined
    ? { port: await start(orders, payments) }
    : { rssBytes: process.memoryUsage.rss(), ...gateway?.liveCounts() },
);
