import { describe } from 'vitest';
import { cacheContract } from '../tests/cache.contract.js';
import { inProcessCache } from './cache.js';

describe('a cache in this process', () => {
  cacheContract(() => inProcessCache(100));
});
