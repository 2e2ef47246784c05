import { randomUUID } from 'node:crypto';
import { elasticsearchUrl } from '@shop/tests/kit/stores';
import { openElasticsearchIndex } from '../src/elasticsearch/elasticsearch-index.js';
import { productIndexContract } from './product-index.contract.js';

productIndexContract('Elasticsearch', async () => openElasticsearchIndex({ url: elasticsearchUrl(), prefix: `test-${randomUUID()}` }));
