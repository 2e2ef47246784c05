import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveSupergraph } from '../src/alone/serve-supergraph.js';
import type { SecurityEnforcement } from '../src/alone/security-enforcement.js';
import { post } from './gateway-kit.js';
import { startPlainSubgraphs } from './plain-subgraphs.js';

describe('the engine alone, which knows nobody', () => {
  const disposables = new AsyncDisposableStack();
  let supergraphSdl = '';

  beforeAll(async () => {
    ({ supergraphSdl } = disposables.use(await startPlainSubgraphs()));
  });
  afterAll(() => disposables.disposeAsync());

  const ask = async (authorization: SecurityEnforcement, query: string) => {
    await using doors = await serveSupergraph({ supergraphSdl, limits: 'off', authorization });
    const port = await doors.listen(0, '127.0.0.1');
    return await post(`http://127.0.0.1:${port}/graphql`, { query }, { authorization: 'Bearer somebody' });
  };

  it('denies what is for those who have signed in', async () => {
    expect(await ask('filter', '{ treasure whoAsks }')).toMatchObject({
      data: { treasure: null, whoAsks: 'Bearer somebody' },
      errors: [{ path: ['treasure'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
    });
  });

  it('refuses the operation instead when it is told so', async () => {
    const { data, errors } = await ask('reject', '{ treasure whoAsks }');
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ path: ['treasure'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]);
  });

  it('leaves it to the subgraphs when it is told so', async () => {
    expect((await ask('off', '{ treasure whoAsks }')).data).toEqual({ treasure: 'gold', whoAsks: 'Bearer somebody' });
  });
});
