import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { SubgraphServer } from '@shop/platform/subgraph-server';
import { startSmallSubgraph } from './small-subgraph.js';

/** In place of the users subgraph: nothing but its key set, and the Authorization headers of people with these scopes. */
export interface SignedViewers extends AsyncDisposable {
  users: SubgraphServer;
  privateKey: CryptoKey;
  /** As everybody may read it. */
  publicKey: JWK;
  bearer(...scopes: string[]): Promise<string>;
}

export async function startSignedViewers(): Promise<SignedViewers> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const key = { ...(await exportJWK(publicKey)), alg: 'EdDSA', kid: 'k' };
  const users = await startSmallSubgraph('users', 'type Query { unused: Int }');
  users.app.get('/.well-known/jwks.json', async () => ({ keys: [key] }));
  return {
    users,
    privateKey,
    publicKey: key,
    bearer: async (...scopes) =>
      `Bearer ${await new SignJWT({ sub: 'ada', sid: 's', roles: [], scopes })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'k' })
        .setIssuer('users')
        .setAudience('shop')
        .setExpirationTime('10m')
        .sign(privateKey)}`,
    [Symbol.asyncDispose]: () => users[Symbol.asyncDispose](),
  };
}
