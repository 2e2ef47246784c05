import { openMiniSearchIndex } from '../src/mini-search-index.js';
import { productIndexContract } from './product-index.contract.js';

productIndexContract('the index in memory', async () => openMiniSearchIndex());
