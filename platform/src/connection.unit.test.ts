import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { encodeCursor, pageRequest, toPage } from './connection.js';

const key = z.tuple([z.number(), z.string()]);
const rows = [3, 2, 1].map((n) => ({ n, id: `r${n}` }));
const keyOf = ({ n, id }: { n: number; id: string }) => [n, id];

describe('a page of a connection', () => {
  it('says whether there is more, and where to go on', () => {
    const page = toPage(rows, pageRequest(key, 2, null), keyOf);
    expect(page.nodes.map(({ id }) => id)).toEqual(['r3', 'r2']);
    expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(pageRequest(key, 2, page.pageInfo.endCursor)).toEqual({ first: 2, after: [2, 'r2'] });
  });

  it('may be empty', () => {
    expect(toPage([], pageRequest(key, null, encodeCursor([1, 'r1'])), keyOf).pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: null,
      endCursor: null,
    });
  });

  it.each([0, -1, 101])('of %i entries is refused', (first) => expect(() => pageRequest(key, first, null)).toThrow('between 1 and 100'));

  it.each(['', 'x', encodeCursor([1]), encodeCursor(['1', 'r1'])])('after "%s" is refused', (after) =>
    expect(() => pageRequest(key, 1, after)).toThrow('not a cursor of this list'),
  );
});
