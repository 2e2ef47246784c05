import { elasticsearchSpace } from '@shop/tests/kit/elasticsearch-space';
import { storeUrl } from '@shop/tests/kit/stores';
import { openElasticsearchIndex } from '../src/elasticsearch/elasticsearch-index.js';
import { productIndexContract } from './product-index.contract.js';

productIndexContract('Elasticsearch', async () => {
  const space = elasticsearchSpace();
  const index = openElasticsearchIndex({
    url: storeUrl('elasticsearch'),
    prefix: space.prefix,
    searchTimeoutMs: 20_000,
    writeTimeoutMs: 30_000,
  });
  const close = async () => {
    await index[Symbol.asyncDispose]();
    await space[Symbol.asyncDispose]();
  };
  return { ...index, [Symbol.asyncDispose]: close };
});
