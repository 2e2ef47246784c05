import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineNames, startGateway, type AuthorizationMode, type Gateway } from '@shop/gateway';
import { directTransport } from '@shop/platform/subgraph-transport';
import { testGatewayConfig } from '@shop/tests/kit/gateway-config';
import { quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { openSocket, post, type Answer } from './gateway-kit.js';
import { startSignedViewers, type SignedViewers } from './signed-viewers.js';
import { startTwoSubgraphs } from './two-subgraphs.js';

describe.each(engineNames)('a field that needs a scope, before the engine %s,', (engine) => {
  const disposables = new AsyncDisposableStack();
  const gateways = new Map<AuthorizationMode, { gateway: Gateway; url: string }>();
  let bearer: SignedViewers['bearer'];

  beforeAll(async () => {
    const { servers, supergraphSdl } = disposables.use(await startTwoSubgraphs());
    const viewers = disposables.use(await startSignedViewers());
    bearer = viewers.bearer;
    for (const authorization of ['filter', 'reject', 'dry-run'] as const) {
      const gateway = disposables.use(
        await startGateway(
          testGatewayConfig({
            supergraphSdl,
            engine,
            authorization,
          }),
          {
            transports: new Map([...servers, viewers.users].map((server) => [server.name, directTransport(server, TEST_SECRET)])),
            logger: quietLogger,
          },
        ),
      );
      gateways.set(authorization, { gateway, url: `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}/graphql` });
    }
  });
  afterAll(() => disposables.disposeAsync());

  const query = '{ carriers secret }';
  const ask = (mode: AuthorizationMode, authorization?: string): Promise<Answer> =>
    post(gateways.get(mode)?.url ?? '', { query }, authorization ? { authorization } : {});

  it('is null for others, beside what is for everybody, with a code that says what is missing', async () => {
    expect(await ask('filter')).toMatchObject({
      status: 200,
      data: { carriers: ['Post'], secret: null },
      errors: [{ path: ['secret'], extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(await ask('filter', await bearer('other:read'))).toMatchObject({
      data: { carriers: ['Post'], secret: null },
      errors: [{ message: expect.stringContaining('Query.secret') as unknown, extensions: { code: 'FORBIDDEN' } }],
    });
    expect(await ask('filter', await bearer('secret:read'))).toMatchObject({ data: { carriers: ['Post'], secret: 'told' } });
    expect(gateways.get('filter')?.gateway.denialCounts()).toEqual([{ coordinate: 'Query.secret', mode: 'filter', count: 2 }]);
  });

  it('makes the whole operation refused, by configuration', async () => {
    const refused = await ask('reject', await bearer());
    expect(refused).toMatchObject({ errors: [{ path: ['secret'], extensions: { code: 'FORBIDDEN' } }] });
    expect(refused.data ?? null).toBeNull();
    expect(await ask('reject', await bearer('secret:read'))).toMatchObject({ data: { secret: 'told' } });
  });

  it('goes on and is counted in a dry run', async () => {
    expect(await ask('dry-run')).toMatchObject({ data: { carriers: ['Post'], secret: 'told' } });
    expect(gateways.get('dry-run')?.gateway.denialCounts()).toEqual([{ coordinate: 'Query.secret', mode: 'dry-run', count: 1 }]);
  });

  it('is judged on a socket by the credential of the socket', async () => {
    const url = gateways.get('filter')?.url ?? '';
    const answerOn = async (authorization?: string) => {
      using socket = await openSocket(url, authorization ? { authorization } : {});
      socket.send({ type: 'subscribe', id: '1', payload: { query } });
      return (await socket.next()).payload;
    };
    expect(await answerOn()).toMatchObject({ data: { secret: null }, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(await answerOn(await bearer('secret:read'))).toEqual({ data: { carriers: ['Post'], secret: 'told' } });
  });
});
