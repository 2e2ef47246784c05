import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkOut, guestCart, someSkus, type ReadyCart } from '../../kit/buyer.js';
import type { ShopClient } from '../../kit/shop-client.js';
import { startTestShop, type TestShop } from '../../kit/shop.js';

const money = z.object({ amountMinor: z.number(), currency: z.string() });
const productSchema = z.object({
  id: z.string(),
  version: z.number(),
  name: z.string(),
  variants: z.array(z.object({ sku: z.string(), price: money })),
});
const searchSchema = z.object({
  totalCount: z.number(),
  hits: z.array(z.object({ product: z.object({ id: z.string(), priceRange: z.object({ min: money, max: money }) }) })),
  facets: z.array(z.object({ name: z.string(), buckets: z.array(z.object({ value: z.string(), count: z.number() })) })),
});
const cartSchema = z.object({
  lines: z.array(z.object({ sku: z.string(), unitPrice: money, lineTotal: money })),
  problems: z.array(z.object({ code: z.string() })),
  totals: z.object({ subtotal: money, total: money }),
});

const PRODUCTS = '{ products(first: 1, sort: NAME) { nodes { id version name variants { sku price { amountMinor currency } } } } }';
const SEARCH = `query S($query: String, $filter: ProductSearchFilter) { searchProducts(query: $query, filter: $filter, first: 50) { totalCount
  hits { product { id priceRange { min { amountMinor currency } max { amountMinor currency } } } } facets { name buckets { value count } } } }`;
const CART = `query C($id: ID!) { cart(id: $id) { lines { sku unitPrice { amountMinor currency } lineTotal { amountMinor currency } }
  problems { code } totals { subtotal { amountMinor currency } total { amountMinor currency } } } }`;
const SET_PRICES = `mutation P($input: SetPricesInput!) { setPrices(input: $input) { __typename
  ... on ProductPayload { product { version } } ... on ConflictError { currentVersion } ... on UserError { message } } }`;

describe('a new price', () => {
  const disposables = new AsyncDisposableStack();
  let shop: TestShop;
  let staff: ShopClient;
  let cart: ReadyCart;
  let product: z.infer<typeof productSchema>;
  let sku: string;
  /** Far above every other price, so that it makes a range of its own. */
  const raised = { amountMinor: 9_999_900, currency: 'EUR' };

  beforeAll(async () => {
    shop = disposables.use(await startTestShop());
    staff = await shop.signedIn('staff@shop.example');
    [sku = ''] = await someSkus(shop, 1);
    product = z.object({ nodes: z.tuple([productSchema]) }).parse(await shop.guest.get(PRODUCTS)).nodes[0];
    cart = await guestCart(shop).with(sku, 2).ready();
    const prices = product.variants.map((variant) => ({ sku: variant.sku, price: raised }));
    const answer = await staff.get(SET_PRICES, { input: { productId: product.id, expectedVersion: product.version, prices } });
    expect(answer).toMatchObject({ __typename: 'ProductPayload', product: { version: product.version + 1 } });
    await shop.settle();
  });
  afterAll(() => disposables.disposeAsync());

  const searched = async (variables: Record<string, unknown>) => searchSchema.parse(await shop.guest.get(SEARCH, variables));

  it('is what the search shows, sorts and filters by', async () => {
    const { hits } = await searched({ query: product.name });
    expect(hits.find((hit) => hit.product.id === product.id)?.product.priceRange).toEqual({ min: raised, max: raised });
    const dear = await searched({ filter: { priceMin: raised } });
    expect(dear.hits.map((hit) => hit.product.id)).toEqual([product.id]);
    const old = product.variants[0]?.price;
    const usual = await searched({ filter: { priceMin: old, priceMax: old } });
    expect(usual.hits.map((hit) => hit.product.id)).not.toContain(product.id);
  });

  it('counts in its price range of the facets, and a range finds as many as it says', async () => {
    const { facets, totalCount } = await searched({});
    const buckets = facets.find(({ name }) => name === 'price')?.buckets ?? [];
    const dearest = buckets.at(-1);
    const priceMin = { amountMinor: Number(dearest?.value.split('-')[0]), currency: 'EUR' };
    const found = await searched({ filter: { priceMin } });
    expect(found.totalCount).toBe(dearest?.count);
    expect(found.hits.map((hit) => hit.product.id)).toContain(product.id);
    expect(totalCount).toBe(24);
  });

  it('is in the totals of a cart that has it, told as a problem, and nobody pays it unasked', async () => {
    const { lines, problems, totals } = cartSchema.parse(await shop.guest.get(CART, { id: cart.id }));
    const twice = { ...raised, amountMinor: 2 * raised.amountMinor };
    expect(lines).toMatchObject([{ sku, unitPrice: raised, lineTotal: twice }]);
    expect(totals.subtotal).toEqual(twice);
    expect(problems.map(({ code }) => code)).toEqual(['PRICE_CHANGED']);
    expect(await checkOut(cart)).toMatchObject({ __typename: 'PriceChangedError', expectedTotal: cart.total, currentTotal: totals.total });
    expect(await shop.sql('orders', 'select 1 from orders')).toEqual([]);
  });

  it('is refused to whoever read an older version, and to customers', async () => {
    const prices = [{ sku, price: { amountMinor: 1, currency: 'EUR' } }];
    const input = { productId: product.id, expectedVersion: product.version, prices };
    expect(await staff.get(SET_PRICES, { input })).toMatchObject({ __typename: 'ConflictError', currentVersion: product.version + 1 });
    const customer = await shop.signedIn('customer@shop.example');
    expect((await customer.ask(SET_PRICES, { input })).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
