import { randomUUID } from 'node:crypto';
import { natsBus, type NatsBus } from '@shop/platform/nats-bus';
import { storeUrl } from '@shop/tests/kit/stores';
import { quietLogger } from '@shop/tests/kit/subgraph';
import { describe } from 'vitest';
import { eventBusContract } from './event-bus.contract.js';

async function opened(prefix = `t-${randomUUID()}`): Promise<NatsBus> {
  const bus = natsBus({ url: storeUrl('nats'), name: 'tests', logger: quietLogger, prefix, backoffMs: [1], maxBytes: 2 ** 24 });
  await bus.connected(AbortSignal.timeout(10_000));
  return bus;
}

describe('the bus on NATS', () => {
  eventBusContract(() => opened());
});
