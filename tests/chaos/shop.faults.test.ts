import { afterAll, beforeAll, describe } from 'vitest';
import { startShopInStack, type ShopInStack } from '../kit/shop-in-stack.js';
import { brokerFaults } from './faults/broker.js';
import { kills } from './faults/kills.js';
import { databaseFaults } from './faults/databases.js';
import { redisFaults } from './faults/redis.js';
import { processFaults } from './faults/processes.js';
import { searchFaults } from './faults/search-and-slowness.js';
import { wrongEvents } from './faults/wrong-events.js';

describe('a shop of separate processes bears', () => {
  let running: ShopInStack | null = null;
  const shop = (): ShopInStack => {
    if (!running) throw new Error('The shop is not open yet.');
    return running;
  };
  beforeAll(async () => {
    running = await startShopInStack({ stockPerSku: 1000 });
  });
  afterAll(() => running?.[Symbol.asyncDispose]());

  kills(shop);
  databaseFaults(shop);
  redisFaults(shop);
  searchFaults(shop);
  processFaults(shop);
  // These two leave events in the books that came out of order, as they should.
  brokerFaults(shop);
  wrongEvents(shop);
});
