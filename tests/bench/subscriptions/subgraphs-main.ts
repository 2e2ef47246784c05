// Orders and payments, as far as an order is followed: in memory, and at once.
import { readFile } from 'node:fs/promises';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { z } from 'zod';
import type { RequestContext } from '@shop/platform/request-context';
import { startSubgraphServer } from '@shop/platform/subgraph-server';
import { createLogger } from '@shop/platform/logger';
import { answerParent } from '../bench-process.js';
import { BENCH_SECRET } from './secret.js';

type Wake = () => void;
interface Followed {
  revision: number;
  atNs: string;
  waiting: Set<Wake>;
}

const orders = new Map<string, Followed>();

function orderOf(id: string): Followed {
  const order = orders.get(id) ?? { revision: 1, atNs: '0', waiting: new Set() };
  orders.set(id, order);
  return order;
}

async function* steps(id: string, signal: AbortSignal) {
  const order = orderOf(id);
  for (let seen = 0; !signal.aborted;) {
    if (order.revision > seen) {
      seen = order.revision;
      const told = { id, number: `S-${id}`, accessProof: 'proof' };
      yield { orderStatusChanged: { revision: seen, status: 'CONFIRMED', at: new Date(), message: order.atNs, order: told } };
    } else
      await new Promise<void>((resolve) => {
        const wake = () => {
          order.waiting.delete(wake);
          resolve();
        };
        order.waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
  }
}

async function start(name: string, resolvers: object): Promise<number> {
  const sdl = await readFile(new URL(`../../../../schema/subgraphs/${name}.graphql`, import.meta.url), 'utf8');
  const server = await startSubgraphServer({
    name,
    schema: { sdl, schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]) },
    envelopeSecrets: [BENCH_SECRET],
    context: (request) => request,
    ready: async () => undefined,
    logger: createLogger(name, 'error'),
  });
  return server.listen(0);
}

answerParent(z.object({ step: z.string().optional() }), async ({ step }) => {
  if (step === undefined) {
    const subscribe = (_: unknown, { orderId }: { orderId: string }, { signal }: RequestContext) => steps(orderId, signal);
    const reference = ({ id }: { id: string }) => ({ id });
    return {
      orders: await start('orders', { Subscription: { orderStatusChanged: { subscribe } } }),
      payments: await start('payments', { Order: { __resolveReference: reference, payment: () => ({ id: '1', status: 'CAPTURED' }) } }),
    };
  }
  const order = orderOf(step);
  order.revision++;
  order.atNs = String(process.hrtime.bigint());
  for (const wake of order.waiting) wake();
  return { revision: order.revision };
});
