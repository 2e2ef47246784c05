import { afterAll, beforeAll, describe } from 'vitest';
import { startShopInStack, type ShopInStack } from '../kit/shop-in-stack.js';
import { brokerFaults } from './faults/broker.js';
import { kills } from './faults/kills.js';

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

  brokerFaults(shop);
  kills(shop);
});
