import { describe, expect, it } from 'vitest';
import { checkedFilter, INDEXES, indexFaults } from './indexes.js';

describe('a filter', () => {
  it.each([{ slug: /^a/ }, { $or: [{ slug: { $in: ['a', /b/] } }] }, { skus: { $not: /x/ } }])(
    'refuses a regular expression: %o',
    (filter) => {
      expect(() => checkedFilter(filter)).toThrow(TypeError);
    },
  );

  it('takes anything else', () => {
    const filter = { $or: [{ slug: { $in: ['a'] } }, { name: { $regex: '^a' } }], updatedAt: { $gt: new Date(0) }, brand: null };
    expect(checkedFilter(filter)).toBe(filter);
  });
});

describe('the indexes of a server', () => {
  const found = INDEXES.map(({ name, key, unique }) => ({ name, key, ...(unique && { unique }) }));

  it('are in order when they are as declared, whatever else there is', () => {
    expect(indexFaults(INDEXES, [{ name: '_id_', key: { _id: 1 } }, ...found])).toEqual([]);
  });

  it('are not when one is missing, has other keys or another order of them, or is not unique', () => {
    const without = (name: string, ...instead: typeof found) => [...found.filter((index) => index.name !== name), ...instead];
    expect(indexFaults(INDEXES, without('product_slug'))).toEqual(['product has no index product_slug']);
    expect(indexFaults(INDEXES, without('product_slug', { name: 'product_slug', key: { slug: 1 } }))).toHaveLength(1);
    const turned = { name: 'product_newest', key: { createdAt: -1, status: 1, _id: -1 } as const };
    expect(indexFaults(INDEXES, without('product_newest', turned))).toHaveLength(1);
  });
});
