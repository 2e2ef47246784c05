import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultLimits, startGateway } from '@shop/gateway';
import { startSubgraphServer } from '@shop/platform/subgraph-server';
import { directTransport } from '@shop/platform/subgraph-transport';
import { quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { startTwoSubgraphs } from './two-subgraphs.js';

const unanswered = 'subscription { parcelMoved(id: 1, upTo: 0) { step } }';

describe('a session that ends before its time', () => {
  const disposables = new AsyncDisposableStack();
  let url: string;
  let revoke: (sessionId: string) => void = () => undefined;
  let tokenOf: (sessionId: string) => Promise<string>;

  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const { servers, supergraphSdl } = disposables.use(await startTwoSubgraphs());
    const users = disposables.use(await startKeyServer({ ...(await exportJWK(publicKey)), alg: 'EdDSA', kid: 'k' }));
    const gateway = disposables.use(
      await startGateway(
        {
          supergraphSdl,
          tokenIssuer: 'users',
          tokenAudience: 'shop',
          orderTokenSecrets: ['order-token-secret-of-at-least-32-characters'],
          introspection: false,
          corsOrigins: [],
          trustProxy: false,
          limits: defaultLimits,
          requestTimeoutMs: 5_000,
          drainDelayMs: 0,
        },
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

/** What the gateway needs of users: the keys that access tokens are signed with. */
async function startKeyServer(key: object) {
  const sdl = 'type Query { unused: String }';
  const server = await startSubgraphServer({
    name: 'users',
    schema: { sdl, schema: buildSubgraphSchema([{ typeDefs: parse(sdl) }]) },
    envelopeSecrets: [TEST_SECRET],
    context: (request) => request,
    ready: async () => undefined,
    logger: quietLogger,
  });
  server.app.get('/.well-known/jwks.json', async () => ({ keys: [key] }));
  return server;
}
