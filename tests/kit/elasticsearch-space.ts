import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { storeUrl } from './stores.js';

/** A prefix of index names for one test; disposing deletes the indices that were made under it. */
export interface ElasticsearchSpace extends AsyncDisposable {
  prefix: string;
}

export function elasticsearchSpace(): ElasticsearchSpace {
  const prefix = `test-${randomUUID()}`;
  return {
    prefix,
    [Symbol.asyncDispose]: async () => {
      const answer = await fetch(`${storeUrl('elasticsearch')}/_cat/indices/${prefix}-*?format=json&h=index`);
      const names = z.array(z.object({ index: z.string() })).parse(await answer.json());
      if (names.length === 0) return;
      await fetch(`${storeUrl('elasticsearch')}/${names.map(({ index }) => index).join(',')}`, { method: 'DELETE' });
    },
  };
}
