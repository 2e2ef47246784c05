import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { createIdentity, type Identity } from './identity.js';

/** Who the bearer of an access token is, for another process of the shop that people reach; order tokens it does not know. */
export function accessTokenIdentity(users: SubgraphTransport, { issuer, audience }: { issuer: string; audience: string }): Identity {
  return createIdentity({
    issuer,
    audience,
    orderTokenSecrets: [],
    fetchKeys: async () => users.getJson('/.well-known/jwks.json', AbortSignal.timeout(2_000)),
  });
}
