import { createClient } from 'graphql-ws';
import { SignJWT } from 'jose';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '@shop/gateway';
import { directTransport } from '@shop/platform/subgraph-transport';
import { testGatewayConfig } from '@shop/tests/kit/gateway-config';
import { quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { startTwoSubgraphs } from './two-subgraphs.js';
import { startSignedViewers } from './signed-viewers.js';

const unanswered = 'subscription { parcelMoved(id: 1, upTo: 0) { step } }';

describe('a session that ends before its time', () => {
  const disposables = new AsyncDisposableStack();
  let url: string;
  let revoke: (sessionId: string) => void = () => undefined;
  let tokenOf: (sessionId: string) => Promise<string>;

  beforeAll(async () => {
    const { users, privateKey } = disposables.use(await startSignedViewers());
    const { servers, supergraphSdl } = disposables.use(await startTwoSubgraphs());
    const gateway = disposables.use(
      await startGateway(
        testGatewayConfig({
          supergraphSdl,
        }),
        {
          transports: new Map([...servers, users].map((server) => [server.name, directTransport(server, TEST_SECRET)])),
          logger: quietLogger,
          sessionRevocations: (hear) => {
            revoke = hear;
            return { [Symbol.dispose]: () => (revoke = () => undefined) };
          },
        },
      ),
    );
    url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}/graphql`;
    tokenOf = (sid) =>
      new SignJWT({ sub: 'ada', sid, roles: ['customer'], scopes: [] })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'k' })
        .setIssuer('users')
        .setAudience('shop')
        .setExpirationTime('10m')
        .sign(privateKey);
  });
  afterAll(() => disposables.disposeAsync());

  const ask = async (token: string) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ viewer }' }),
    });
    return { status: answer.status, ...((await answer.json()) as object) };
  };

  it('is refused at once, by a token that was used before and by one that was not', async () => {
    const [used, unused, other] = await Promise.all(['one', 'one', 'two'].map(tokenOf));
    expect(await ask(used ?? '')).toEqual({ status: 200, data: { viewer: 'user' } });
    revoke('one');
    for (const token of [used, unused, used])
      expect(await ask(token ?? '')).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(await ask(other ?? '')).toEqual({ status: 200, data: { viewer: 'user' } });
  });

  it('closes its open sockets and no others, and lets no new one in', async () => {
    await using ended = await openSocket(url, await tokenOf('three'));
    await using going = await openSocket(url, await tokenOf('four'));
    revoke('three');
    await expect(ended.live).rejects.toMatchObject({ code: 4403, reason: 'Session ended' });
    expect(await going.ask()).toEqual({ data: { viewer: 'user' } });
    const late = createClient({ ...socketOptions(url, await tokenOf('three')), lazy: true });
    await expect(late.iterate({ query: '{ viewer }' }).next()).rejects.toMatchObject({ code: 4403 });
  });
});

function socketOptions(url: string, token: string) {
  const connectionParams = { authorization: `Bearer ${token}` };
  return { url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 };
}

/** A socket that follows something that never happens. */
async function openSocket(url: string, token: string) {
  const client = createClient({ ...socketOptions(url, token), lazy: false, onNonLazyError: () => undefined });
  const ask = async () => (await client.iterate({ query: '{ viewer }' }).next()).value as unknown;
  const live = client.iterate({ query: unanswered }).next();
  live.catch(() => undefined);
  await ask();
  return { ask, live, [Symbol.asyncDispose]: async () => client.dispose() };
}
