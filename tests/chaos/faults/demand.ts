import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { someSkus } from '../../kit/buyer.js';
import type { ShopInStack } from '../../kit/shop-in-stack.js';
import { until } from '../../kit/until.js';
import { buyFromTheStart, type Bought } from './buyers.js';

const REGISTER = `mutation Register($input: RegisterUserInput!) { registerUser(input: $input) { __typename ... on AuthSession { user { id } } ... on UserError { code } } }`;
/** The first products, by name, are those that buyers take. */
const BOUGHT = 20;
const PRODUCTS = '{ products(first: 24, sort: NAME) { nodes { id version variants { sku price { amountMinor currency } } } } }';
const SET_PRICES = `mutation P($input: SetPricesInput!) { setPrices(input: $input) { __typename ... on ProductPayload { product { version } } ... on UserError { code } } }`;

const productsSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      version: z.number(),
      variants: z.array(z.object({ sku: z.string(), price: z.object({ amountMinor: z.number(), currency: z.string() }) })),
    }),
  ),
});
const priced = z.object({ __typename: z.literal('ProductPayload') });
const registered = z.object({ __typename: z.literal('AuthSession'), user: z.object({ id: z.string() }) });

/** Gives every subgraph something to do: somebody buys, somebody registers, and staff changes the price of something else. */
export async function bustle(shop: ShopInStack): Promise<Bought> {
  const skus = await until(() => someSkus(shop, BOUGHT), { what: 'products' });
  const sku = skus[Math.floor(Math.random() * skus.length)] ?? '';
  const [bought] = await Promise.all([buyFromTheStart(shop, sku), register(shop), changePrice(shop)]);
  return bought;
}

function register({ guest }: ShopInStack): Promise<unknown> {
  const name = `u${randomUUID().slice(0, 8)}`;
  const input = { email: `${name}@shop.example`, password: 'correct horse battery', displayName: name };
  const tryOnce = async () => {
    const answer = await guest.get(REGISTER, { input });
    // An answer that was lost is no reason to register twice.
    return JSON.stringify(answer).includes('EMAIL_TAKEN') ? true : registered.parse(answer);
  };
  return until(tryOnce, { timeoutMs: 60_000, what: 'an account' });
}

function changePrice(shop: ShopInStack): Promise<unknown> {
  const tryOnce = async () => {
    const staff = await shop.signedIn('staff@shop.example');
    const { nodes } = productsSchema.parse(await staff.get(PRODUCTS));
    const others = nodes.slice(BOUGHT);
    const product = others[Math.floor(Math.random() * others.length)];
    if (!product) throw new Error('The shop sells nothing else.');
    const prices = product.variants.map(({ sku, price }) => ({ sku, price: { ...price, amountMinor: price.amountMinor + 1 } }));
    return priced.parse(await staff.get(SET_PRICES, { input: { productId: product.id, expectedVersion: product.version, prices } }));
  };
  return until(tryOnce, { timeoutMs: 60_000, what: 'a new price' });
}
