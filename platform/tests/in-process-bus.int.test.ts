import { inProcessBus } from '@shop/platform/in-process-bus';
import { quietLogger } from '@shop/tests/kit/subgraph';
import { describe } from 'vitest';
import { eventBusContract } from './event-bus.contract.js';

describe('the bus of one process', () => {
  eventBusContract(async () => inProcessBus({ logger: quietLogger, backoffMs: [1] }));
});
