import { startCart } from '@shop/cart';
import { startCatalog } from '@shop/catalog';
import { seedCatalog } from '@shop/catalog/seed';
import { stockChanged } from '@shop/events/inventory';
import { manualClock } from '@shop/platform/clock';
import type { EventEnvelope } from '@shop/platform/event';
import type { EventBus } from '@shop/platform/event-bus';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { directTransport, type SubgraphTransport } from '@shop/platform/subgraph-transport';
import { anonymous, type Viewer } from '@shop/platform/viewer';
import { z } from 'zod';
import { afterAll, beforeAll, expect } from 'vitest';
import { eventOf, orderPlacedOf, orderRejectedOf } from '../../kit/event.js';
import { createTestDatabase, type TestDatabase } from '../../kit/postgres.js';
import { as, claimsOf, dataOf, quietLogger, settle, TEST_SECRET, userViewer } from '../../kit/subgraph.js';

const staff = userViewer(newId(), ['catalog:write', 'catalog:read-all'], ['staff-catalog']);
export const address = { fullName: 'Ada', line1: 'Weg 1', city: 'Bonn', postalCode: '53111', country: 'DE' };
const stack = new AsyncDisposableStack();
export const clock = manualClock(new Date('2026-03-01T12:00:00.000Z'));

export let cartDatabase: TestDatabase;
export let bus: EventBus;
let catalog: RunningSubgraph;
export let cart: RunningSubgraph;
export let link: SubgraphTransport & { calls: number };

/** Cart and catalog of a test file, on databases of their own, from its first test to its last. */
export function useCartWorld(): void {
  beforeAll(async () => {
    const catalogDatabase = stack.use(await createTestDatabase());
    cartDatabase = stack.use(await createTestDatabase());
    await seedCatalog(catalogDatabase.url, { categories: [], products: products() });
    bus = stack.use(inProcessBus({ logger: quietLogger, backoffMs: [1] }));
    catalog = stack.use(
      await startCatalog({ databaseUrl: catalogDatabase.url, envelopeSecrets: [TEST_SECRET] }, { bus, logger: quietLogger }),
    );
    link = counted(directTransport(catalog.server, TEST_SECRET));
    cart = stack.use(
      await startCart(
        { databaseUrl: cartDatabase.url, envelopeSecrets: [TEST_SECRET] },
        { bus, logger: quietLogger, clock, catalog: link },
      ),
    );
  });

  afterAll(() => stack.disposeAsync());
}

const moneySchema = z.object({ amountMinor: z.int(), currency: z.string() });
const cartSchema = z.object({
  id: z.string(),
  version: z.int(),
  updatedAt: z.string(),
  lines: z.array(
    z.object({
      id: z.string(),
      sku: z.string(),
      quantity: z.int(),
      unitPrice: moneySchema,
      lineTotal: moneySchema,
      variant: z.object({ sku: z.string() }).nullable(),
    }),
  ),
  totals: z.object({ subtotal: moneySchema, discount: moneySchema, shipping: moneySchema, tax: moneySchema, total: moneySchema }),
  deliveryOption: z.object({ code: z.string() }).nullable(),
  availableDeliveryOptions: z.array(z.object({ code: z.string(), estimatedDays: z.int() })),
  problems: z.array(z.object({ code: z.string(), lineId: z.string().nullable() })),
  shippingAddress: z.object({ country: z.string() }).nullable(),
});
const resultSchema = z.discriminatedUnion('__typename', [
  z.object({ __typename: z.literal('CartPayload'), cart: cartSchema }),
  z.object({ __typename: z.literal('NotFoundError'), code: z.string() }),
  z.object({ __typename: z.literal('ConflictError'), currentVersion: z.int() }),
  z.object({ __typename: z.literal('ValidationError'), fields: z.array(z.object({ path: z.array(z.string()) })) }),
]);
type CartAnswer = z.infer<typeof cartSchema>;
type Result = z.infer<typeof resultSchema>;

const money = '{ amountMinor currency }';
const cartFields = `id version updatedAt lines { id sku quantity unitPrice ${money} lineTotal ${money} variant { sku } }
  totals { subtotal ${money} discount ${money} shipping ${money} tax ${money} total ${money} }
  deliveryOption { code } availableDeliveryOptions { code estimatedDays } problems { code lineId } shippingAddress { country }`;
const resultFields = `{ __typename ... on CartPayload { cart { ${cartFields} } } ... on NotFoundError { code } ... on ConflictError { currentVersion }
  ... on ValidationError { fields { path } } }`;

export async function createCart(viewer: Viewer = anonymous): Promise<CartAnswer> {
  const { createCart: payload } = await dataOf(as(cart, viewer)(`mutation { createCart { cart { ${cartFields} } } }`));
  return z.object({ cart: cartSchema }).parse(payload).cart;
}

export async function readCart(id: string, viewer: Viewer = anonymous, on = cart): Promise<CartAnswer | null> {
  const data = await dataOf(as(on, viewer)(`query ($id: ID!) { cart(id: $id) { ${cartFields} } }`, { id }));
  return cartSchema.nullable().parse(data['cart']);
}

export async function mutate(
  field: 'addCartLines' | 'updateCartLine' | 'setCartDelivery',
  input: object,
  viewer: Viewer = anonymous,
  on = cart,
): Promise<Result> {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input!`;
  const data = await dataOf(as(on, viewer)(`mutation ($input: ${type}) { ${field}(input: $input) ${resultFields} }`, { input }));
  return resultSchema.parse(data[field]);
}

export async function merge(guestCartId: string, viewer: Viewer, policy = 'SUM'): Promise<Result> {
  const text = `mutation ($id: ID!, $policy: CartMergePolicy) { mergeCart(guestCartId: $id, policy: $policy) ${resultFields} }`;
  return resultSchema.parse((await dataOf(as(cart, viewer)(text, { id: guestCartId, policy })))['mergeCart']);
}

export function cartIn(result: Result): CartAnswer {
  if (result.__typename !== 'CartPayload') throw new Error(JSON.stringify(result));
  return result.cart;
}

export async function add(cartId: string, lines: Record<string, number>, viewer: Viewer = anonymous): Promise<CartAnswer> {
  const input = { cartId, lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity })) };
  return cartIn(await mutate('addCartLines', input, viewer));
}

export const quantities = (answer: CartAnswer | null) =>
  Object.fromEntries((answer?.lines ?? []).map(({ sku, quantity }) => [sku, quantity]));
export const codes = (answer: CartAnswer | null) => answer?.problems.map(({ code }) => code);
export const quote = async (cartId: string, viewer: Viewer = anonymous, on = cart) =>
  as(on, viewer)(
    `query ($cartId: ID!) { cartQuote(cartId: $cartId) { cartId version customerId
      lines { lineId sku productName variantName quantity unitPrice ${money} lineTotal ${money} }
      totals { total ${money} } shippingAddress { city } deliveryOption { code price ${money} } problems { code } } }`,
    { cartId },
  );

export async function entities(representations: object[], viewer: Viewer): Promise<unknown> {
  const text = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Cart { id } ... on User { cart { id } } } }';
  return (await dataOf(as(cart, viewer)(text, { r: representations })))['_entities'];
}

export async function change(mutation: string, slug: string, variables: Record<string, unknown> = {}): Promise<void> {
  const { product } = await dataOf(as(catalog, staff)('query ($slug: String!) { product(slug: $slug) { id version } }', { slug }));
  const { id, version } = z.object({ id: z.string(), version: z.int() }).parse(product);
  await dataOf(as(catalog, staff)(mutation, { id, version, ...variables }));
  await settle([catalog, cart]);
}

export function setPrice(slug: string, sku: string, amountMinor: number): Promise<void> {
  const text = `mutation ($id: ID!, $version: Int!, $prices: [VariantPriceInput!]!) {
    setPrices(input: { productId: $id, expectedVersion: $version, prices: $prices }) { __typename } }`;
  return change(text, slug, { prices: [{ sku, price: { amountMinor, currency: 'EUR' } }] });
}

export function publishStock(sku: string, version: number, available: number): Promise<void> {
  return bus.publish(eventOf(stockChanged, sku, { sku, version, available, status: 'LOW_STOCK', at: clock.now().toISOString() }));
}

export const placed = (cartId: string, lines: Record<string, number>) => orderPlacedOf(cartId, lines, clock.now());
export const rejected = (event: EventEnvelope) => orderRejectedOf(event, clock.now());

/** `next` gives null at the end of the stream. */
export async function follow(cartId: string) {
  const stopping = new AbortController();
  const query = 'subscription ($id: ID!) { cartChanged(cartId: $id) { version lines { sku quantity } totals { total { amountMinor } } } }';
  const source = await directTransport(cart.server, TEST_SECRET).subscribe(
    { query, variables: { id: cartId } },
    claimsOf(anonymous),
    stopping.signal,
  );
  if (!(Symbol.asyncIterator in source)) throw new Error(String(source.errors?.[0]?.extensions?.['code']));
  const steps = source[Symbol.asyncIterator]();
  const step = z.object({
    version: z.int(),
    lines: z.array(z.object({ sku: z.string(), quantity: z.int() })),
    totals: z.object({ total: z.object({ amountMinor: z.int() }) }),
  });
  return {
    next: async () => {
      const { done, value } = await steps.next();
      if (done) return null;
      const { version, lines, totals } = step.parse(value.data?.['cartChanged']);
      return {
        version,
        quantities: Object.fromEntries(lines.map(({ sku, quantity }) => [sku, quantity])),
        total: totals.total.amountMinor,
      };
    },
    stop: async () => {
      stopping.abort();
      expect((await steps.next()).done).toBe(true);
    },
  };
}

function counted(inner: SubgraphTransport) {
  const link = {
    ...inner,
    calls: 0,
    execute: (...call: Parameters<SubgraphTransport['execute']>) => {
      link.calls += 1;
      return inner.execute(...call);
    },
  };
  return link;
}

function products() {
  const product = (slug: string, status: 'PUBLISHED' | 'DRAFT', taxClass: 'STANDARD' | 'REDUCED', prices: Record<string, number>) => ({
    id: newId(),
    slug,
    name: `Product ${slug}`,
    description: 'A thing.',
    brand: null,
    status,
    taxClass,
    categoryIds: [],
    images: [],
    attributes: [],
    options: [{ name: 'kind', values: Object.keys(prices) }],
    variants: Object.entries(prices).map(([sku, amountMinor]) => ({
      id: newId(),
      sku,
      name: `Variant ${sku}`,
      optionValues: [{ name: 'kind', value: sku }],
      price: { amountMinor, currency: 'EUR' },
      compareAtPrice: null,
      weightGrams: 200,
    })),
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
  });
  return [
    product('mug', 'PUBLISHED', 'STANDARD', { 'mug-blue': 1_190, 'mug-red': 990 }),
    product('book', 'PUBLISHED', 'REDUCED', { 'book-1': 1_070 }),
    product('pen', 'PUBLISHED', 'STANDARD', { 'pen-1': 200 }),
    product('lamp', 'PUBLISHED', 'STANDARD', { 'lamp-1': 4_000 }),
    product('hat', 'PUBLISHED', 'STANDARD', { 'hat-1': 3_000, 'hat-2': 3_100 }),
    product('ink', 'PUBLISHED', 'STANDARD', { 'ink-1': 700 }),
    product('draft', 'DRAFT', 'STANDARD', { 'mug-draft': 1_000 }),
  ];
}
