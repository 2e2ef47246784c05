import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { guestCart, placeOrder, someSkus } from '../../kit/buyer.js';
import { countWork } from '../../kit/count-work.js';
import type { ShopClient } from '../../kit/shop-client.js';
import { startTestShop, type TestShop } from '../../kit/shop.js';

const PRODUCT = `name inStock priceRange { min { amountMinor } } categories { name parent { name } }
  variants { sku price { amountMinor currency } availability { status } product { slug } }`;
const PRODUCTS = `query ($first: Int!) { products(first: $first, sort: NAME) { totalCount nodes { ${PRODUCT} } } }`;
const SEARCH = `query ($first: Int!) { searchProducts(first: $first) { totalCount hits { product { ${PRODUCT} } } facets { name } } }`;
const ORDERS = `query ($first: Int!) { orders(first: $first) { nodes { number customer { email } shipments { id } payment { status method { last4 } }
  lines { variant { name product { name } availability { status } } } } } }`;
const CART =
  'query ($id: ID!) { cart(id: $id) { lines { quantity variant { name product { name } availability { status } } } totals { total { amountMinor } } problems { code } } }';

const listSchema = z.union([
  z.object({ nodes: z.array(z.unknown()) }).transform(({ nodes }) => nodes.length),
  z.object({ hits: z.array(z.unknown()) }).transform(({ hits }) => hits.length),
]);

describe('the work behind a page', () => {
  const disposables = new AsyncDisposableStack();
  let shop: TestShop;
  let staff: ShopClient;
  let skus: string[];
  beforeAll(async () => {
    shop = disposables.use(await startTestShop());
    staff = await shop.signedIn('staff@shop.example');
    skus = await someSkus(shop, 20);
    for (const sku of skus.slice(0, 6)) await placeOrder(await guestCart(shop).with(sku).ready());
    await shop.settle();
  });
  afterAll(() => disposables.disposeAsync());

  /** Warm: what is remembered from the first request is no part of the comparison. */
  async function workOf(client: ShopClient, query: string, variables: Record<string, unknown>) {
    await client.get(query, variables);
    let answer: unknown;
    const { calls, statements } = await countWork(shop, async () => (answer = await client.get(query, variables)));
    return { answer, calls: calls.toSorted(), statements: statements.length };
  }

  it.each([
    ['products', PRODUCTS, 5, 20],
    ['search hits', SEARCH, 5, 20],
    ['orders', ORDERS, 2, 6],
  ])('of %s is the same for a long one as for a short one', async (_name, query, few, many) => {
    const short = await workOf(staff, query, { first: few });
    const long = await workOf(staff, query, { first: many });
    expect([listSchema.parse(short.answer), listSchema.parse(long.answer)]).toEqual([few, many]);
    expect(short.statements).toBeGreaterThan(0);
    expect({ calls: long.calls, statements: long.statements }).toEqual({ calls: short.calls, statements: short.statements });
  });

  it('of products is one call of the catalog, one of inventory for each thing it adds, and few statements', async () => {
    const { calls, statements } = await workOf(shop.guest, PRODUCTS, { first: 20 });
    expect(calls).toEqual(['catalog', 'inventory', 'inventory']);
    expect(statements).toBeLessThanOrEqual(6);
  });

  it('of a cart is the same for twenty lines as for two', async () => {
    const cartOf = (some: readonly string[]) => some.reduce((plan, sku) => plan.with(sku), guestCart(shop)).ready();
    const small = await workOf(shop.guest, CART, { id: (await cartOf(skus.slice(0, 2))).id });
    const large = await workOf(shop.guest, CART, { id: (await cartOf(skus)).id });
    expect(large.answer).toMatchObject({ lines: skus.map(() => ({ variant: { availability: { status: 'IN_STOCK' } } })) });
    expect({ calls: large.calls, statements: large.statements }).toEqual({ calls: small.calls, statements: small.statements });
  });
});
