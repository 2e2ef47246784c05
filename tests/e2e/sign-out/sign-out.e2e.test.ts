import { afterAll, expect, it } from 'vitest';
import { someSkus } from '../../kit/buyer.js';
import { shopClient } from '../../kit/shop-client.js';
import { startTestShop } from '../../kit/shop.js';

const shop = await startTestShop();
afterAll(() => shop[Symbol.asyncDispose]());
const skus = await someSkus(shop, 1);

const LIVE = 'subscription Live($skus: [String!]!) { stockChanged(skus: $skus) { __typename } }';
const ME = '{ me { email } }';

it('signing out ends the access token and what is followed with it, and nothing of another session', async () => {
  const [leaving, staying] = [await shop.signedIn('customer@shop.example'), await shop.signedIn('customer@shop.example')];
  await using live = leaving.follow(LIVE, { skus });
  await using going = staying.follow(LIVE, { skus });
  await Promise.all([live.next(), going.next()]);
  const end = live.next();
  const [closed] = await Promise.allSettled([end, leaving.get('mutation { signOut }')]);
  expect(closed).toMatchObject({ status: 'rejected', reason: { code: 4403, reason: 'Session ended' } });
  expect(await leaving.ask(ME)).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  await using late = shopClient(shop.url, leaving.token).follow(ME);
  await expect(late.next()).rejects.toMatchObject({ code: 4403 });
  expect(await staying.get(ME)).toEqual({ email: 'customer@shop.example' });
  await going.return?.();
});
