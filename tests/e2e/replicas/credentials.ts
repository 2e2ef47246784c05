import { DEMO_PASSWORD } from '@shop/standalone/sample-data/demo-people';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bearer, operationsIn } from '../../contract/partners/partners.kit.js';
import { someSkus } from '../../kit/buyer.js';
import { shopClient, type ShopClient } from '../../kit/shop-client.js';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { until } from '../../kit/until.js';
import { bothUrls, type ShopNow } from './one-replica.js';

const LIVE = 'subscription Live($skus: [String!]!) { stockChanged(skus: $skus) { __typename } }';
const ME = '{ me { email } }';
const ISSUE =
  'mutation I($input: CreateApiClientInput!) { createApiClient(input: $input) { ... on ApiClientSecret { apiKey client { id } } } }';

const issuedSchema = z.object({ apiKey: z.string(), client: z.object({ id: z.string() }) });

export function credentials(shop: ShopNow): void {
  describe('both gateways', () => {
    it('end a session that is signed out at one of them: requests, and what is followed', async () => {
      const [here, there] = await bothUrls(shop(), 'gateway');
      const token = await shopClient(here).signIn('customer@shop.example', DEMO_PASSWORD);
      const clients = [shopClient(here, token), shopClient(there, token)] as const;
      const skus = await someSkus(shop(), 1);
      await using one = clients[0].follow(LIVE, { skus });
      await using two = clients[1].follow(LIVE, { skus });
      await Promise.all([one.next(), two.next()]);
      const ends = Promise.allSettled([one.next(), two.next()]);
      await clients[0].get('mutation { signOut }');
      const ended = { status: 'rejected', reason: { code: 4403, reason: 'Session ended' } };
      expect(await ends).toMatchObject([ended, ended]);
      for (const client of clients) await untilRefused(client);
    });

    it('refuse a partner’s key that was taken away at one of them', async () => {
      const urls = await bothUrls(shop(), 'gateway');
      const admin = await shop().signedIn('admin@shop.example');
      const { apiKey, client } = await issue(admin, {});
      const ask = await partnersQuestion(apiKey);
      for (const url of urls) expect((await ask(url)).status).toBe(200);
      await admin.get('mutation R($id: ID!) { revokeApiClient(id: $id) }', { id: client.id });
      for (const url of urls)
        await until(async () => ((await ask(url)).status === 401 ? true : null), { what: `${url} to refuse the key` });
    });

    it('let a partner have its budget once, not once each', async () => {
      const [here, there] = await bothUrls(shop(), 'gateway');
      const { apiKey } = await issue(await shop().signedIn('admin@shop.example'), { requestsPerMinute: 2 });
      const ask = await partnersQuestion(apiKey);
      const answers = [await ask(here), await ask(there), await ask(here), await ask(there)];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    });
  });
}

function untilRefused(client: ShopClient): Promise<true> {
  return until(async () => ((await client.ask(ME)).status === 401 ? true : null), { what: 'the session to be refused' });
}

async function issue(admin: Awaited<ReturnType<ShopInStack['signedIn']>>, terms: object) {
  const input = { name: 'Partner', manifest: 'marketplace', scopes: ['stock:read', 'orders:read'], ...terms };
  return issuedSchema.parse(await admin.get(ISSUE, { input }));
}

/** Asks one gateway for the first products, as the holder of a key. */
async function partnersQuestion(apiKey: string): Promise<(url: string) => Promise<Response>> {
  const { id: documentId } = (await operationsIn('partners/marketplace'))('MarketplaceProducts');
  return async (url) => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(apiKey) },
      body: JSON.stringify({ documentId }),
    });
    await answer.arrayBuffer();
    return answer;
  };
}
