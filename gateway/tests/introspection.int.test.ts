import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '@shop/gateway';
import { directTransport } from '@shop/platform/subgraph-transport';
import { testGatewayConfig } from '@shop/tests/kit/gateway-config';
import { quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { openSocket, post } from './gateway-kit.js';
import { startSignedViewers, type SignedViewers } from './signed-viewers.js';
import { startTwoSubgraphs } from './two-subgraphs.js';

const query = '{ __schema { queryType { name } } }';
const told = { data: { __schema: { queryType: { name: 'Query' } } } };

describe('the schema, for holders of a scope', () => {
  const disposables = new AsyncDisposableStack();
  let url: string;
  let bearer: SignedViewers['bearer'];

  beforeAll(async () => {
    const { servers, supergraphSdl } = disposables.use(await startTwoSubgraphs());
    const viewers = disposables.use(await startSignedViewers());
    bearer = viewers.bearer;
    const gateway = disposables.use(
      await startGateway(
        testGatewayConfig({
          supergraphSdl,
          introspection: { scope: 'schema:read' },
        }),
        {
          transports: new Map([...servers, viewers.users].map((server) => [server.name, directTransport(server, TEST_SECRET)])),
          logger: quietLogger,
        },
      ),
    );
    url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}/graphql`;
  });
  afterAll(() => disposables.disposeAsync());

  it('is told to them and to nobody else, by request', async () => {
    expect(await post(url, { query })).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(await post(url, { query }, { authorization: await bearer('schema:read') })).toMatchObject({ status: 200, ...told });
    expect(await post(url, { query }, { authorization: await bearer('other') })).toMatchObject({
      status: 403,
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });

  it('is told on a socket by the credential of the socket', async () => {
    const answerOn = async (payload: object) => {
      using socket = await openSocket(url, payload);
      socket.send({ type: 'subscribe', id: '1', payload: { query } });
      return (await socket.next()).payload;
    };
    expect(await answerOn({})).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(await answerOn({ authorization: await bearer('schema:read') })).toEqual(told);
  });

  it('is not guessed from faults: no suggestions, to nobody', async () => {
    const viewers: Record<string, string>[] = [{}, { authorization: await bearer('schema:read') }];
    for (const headers of viewers)
      expect((await post(url, { query: '{ parcel(id: 1) { nam } carrier }' }, headers)).text).not.toMatch(/did you mean|carriers|"name"/i);
  });
});
