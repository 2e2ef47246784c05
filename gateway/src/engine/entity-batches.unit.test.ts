import { describe, expect, it } from 'vitest';
import { inEntityBatches } from './entity-batches.js';
import type { SubgraphRequest } from './subgraph-fetcher.js';

const never = new AbortController().signal;
const representationsOf = ({ variables }: SubgraphRequest) => variables['representations'] as { id: number }[];

function batched(failing?: number) {
  const sizes: number[] = [];
  const fetcher = inEntityBatches<null>(
    {
      execute: async (request) => {
        const asked = representationsOf(request);
        sizes.push(asked.length);
        const at = asked.findIndex(({ id }) => id === failing);
        return {
          data: { _entities: asked.map(({ id }) => (id === failing ? null : { name: `n${id}` })) },
          ...(at >= 0 && { errors: [{ message: 'gone', path: ['_entities', at, 'name'] }] }),
        };
      },
      subscribe: async () => ({ data: null }),
    },
    {
      max: 3,
      judge: (count) => {
        if (count > 10) throw new Error('too many');
      },
    },
  );
  const ask = (count: number) =>
    fetcher.execute(
      {
        query: '{ _entities }',
        variables: { representations: Array.from({ length: count }, (_, id) => ({ id })) },
        operationName: undefined,
      },
      null,
      never,
    );
  return { ask, sizes };
}

describe('a fetch of many entities', () => {
  it('is made of calls that a subgraph takes, and answered as one', async () => {
    const { ask, sizes } = batched();
    expect(await ask(7)).toEqual({ data: { _entities: Array.from({ length: 7 }, (_, id) => ({ name: `n${id}` })) } });
    expect(sizes).toEqual([3, 3, 1]);
  });

  it('has its errors at the right entities', async () => {
    expect(await batched(4).ask(7)).toMatchObject({ errors: [{ message: 'gone', path: ['_entities', 4, 'name'] }] });
  });

  it('is one call where it is small', async () => {
    const { ask, sizes } = batched();
    await ask(3);
    expect(sizes).toEqual([3]);
  });

  it('is refused where it is enormous', async () => {
    const { ask, sizes } = batched();
    await expect(ask(11)).rejects.toThrow('too many');
    expect(sizes).toEqual([]);
  });
});
