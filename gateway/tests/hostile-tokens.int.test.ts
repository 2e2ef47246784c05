import { createSecretKey } from 'node:crypto';
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway } from '@shop/gateway';
import { directTransport } from '@shop/platform/subgraph-transport';
import { TEST_ORDER_SECRET, testGatewayConfig } from '@shop/tests/kit/gateway-config';
import { quietLogger, TEST_SECRET } from '@shop/tests/kit/subgraph';
import { openSocket, post } from './gateway-kit.js';
import { startSignedViewers, type SignedViewers } from './signed-viewers.js';
import { startTwoSubgraphs } from './two-subgraphs.js';

const claims = { sub: 'ada', sid: 's', roles: [], scopes: ['secret:read'] };

describe('a token', () => {
  const disposables = new AsyncDisposableStack();
  let viewers: SignedViewers;
  let url: string;

  beforeAll(async () => {
    const { servers, supergraphSdl } = disposables.use(await startTwoSubgraphs());
    viewers = disposables.use(await startSignedViewers());
    const gateway = disposables.use(
      await startGateway(
        testGatewayConfig({
          supergraphSdl,
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

  const users = (payload: object = claims, kid = 'k') =>
    new SignJWT({ ...payload }).setProtectedHeader({ alg: 'EdDSA', kid }).setIssuer('users').setAudience('shop').setExpirationTime('10m');
  const hmac = (payload: object, issuer: string, secret: string) =>
    new SignJWT({ ...payload })
      .setProtectedHeader({ alg: 'HS256', kid: 'k' })
      .setIssuer(issuer)
      .setAudience('shop')
      .setExpirationTime('10m')
      .sign(createSecretKey(Buffer.from(secret)));

  const forged: Record<string, () => Promise<string>> = {
    'without a signature (alg none)': async () =>
      new UnsecuredJWT(claims).setIssuer('users').setAudience('shop').setExpirationTime('10m').encode(),
    'signed with the public key as a secret': () => hmac(claims, 'users', String(viewers.publicKey.x)),
    'signed with the public key’s text as a secret': () => hmac(claims, 'users', JSON.stringify(viewers.publicKey)),
    'of a person, signed with the secret of order tokens': () => hmac(claims, 'users', TEST_ORDER_SECRET),
    'of a person, said to be of orders': () => hmac(claims, 'orders', TEST_ORDER_SECRET),
    'for another audience': () => users().setAudience('elsewhere').sign(viewers.privateKey),
    'by another issuer': () => users().setIssuer('elsewhere').sign(viewers.privateKey),
    'that has expired': () => users().setExpirationTime('-2m').sign(viewers.privateKey),
    'that never expires': () =>
      new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid: 'k' }).setIssuer('users').setAudience('shop').sign(viewers.privateKey),
    'of an unknown key': () => users(claims, 'old').sign(viewers.privateKey),
    'signed with another key': async () => users().sign((await generateKeyPair('EdDSA', { crv: 'Ed25519' })).privateKey),
    'without a session': () => users({ ...claims, sid: undefined }).sign(viewers.privateKey),
    'whose claims were changed': async () => {
      const [header, payload, signature] = (await users().sign(viewers.privateKey)).split('.');
      const changed = { ...(JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as object), sub: 'bob' };
      return [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
    },
    'that is no token': async () => 'e30.e30.e30',
  };

  it('that is good is good', async () => {
    const authorization = `Bearer ${await users().sign(viewers.privateKey)}`;
    expect(await post(url, { query: '{ viewer secret }' }, { authorization })).toMatchObject({ data: { viewer: 'user', secret: 'told' } });
  });

  it.each(Object.keys(forged))('%s makes nobody of its bearer: 401, and no socket', async (name) => {
    const authorization = `Bearer ${await forged[name]?.()}`;
    const answer = await post(url, { query: '{ viewer secret }' }, { authorization });
    expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(answer.data ?? null).toBeNull();
    await expect(openSocket(url, { authorization })).rejects.toMatchObject({ code: 4403 });
  });
});
