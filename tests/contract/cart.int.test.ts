import { randomUUID } from 'node:crypto';
import { startCart } from '@shop/cart';
import { startCatalog } from '@shop/catalog';
import { seedCatalog } from '@shop/catalog/seed';
import { stockChanged } from '@shop/events/inventory';
import { orderPlaced } from '@shop/events/orders';
import { manualClock } from '@shop/platform/clock';
import type { EventBus } from '@shop/platform/event-bus';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { directTransport, type SubgraphTransport } from '@shop/platform/subgraph-transport';
import { anonymous, type Viewer } from '@shop/platform/viewer';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../kit/postgres.js';
import { as, claimsOf, dataOf, quietLogger, settle, TEST_SECRET, userViewer } from '../kit/subgraph.js';

const staff = userViewer(newId(), ['catalog:write', 'catalog:read-all'], ['staff-catalog']);
const address = { fullName: 'Ada', line1: 'Weg 1', city: 'Bonn', postalCode: '53111', country: 'DE' };
const stack = new AsyncDisposableStack();
const clock = manualClock(new Date('2026-03-01T12:00:00.000Z'));

let cartDatabase: TestDatabase;
let bus: EventBus;
let catalog: RunningSubgraph;
let cart: RunningSubgraph;
let link: SubgraphTransport & { calls: number };

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
    await startCart({ databaseUrl: cartDatabase.url, envelopeSecrets: [TEST_SECRET] }, { bus, logger: quietLogger, clock, catalog: link }),
  );
});

afterAll(() => stack.disposeAsync());

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

async function createCart(viewer: Viewer = anonymous): Promise<CartAnswer> {
  const { createCart: payload } = await dataOf(as(cart, viewer)(`mutation { createCart { cart { ${cartFields} } } }`));
  return z.object({ cart: cartSchema }).parse(payload).cart;
}

async function readCart(id: string, viewer: Viewer = anonymous, on = cart): Promise<CartAnswer | null> {
  const data = await dataOf(as(on, viewer)(`query ($id: ID!) { cart(id: $id) { ${cartFields} } }`, { id }));
  return cartSchema.nullable().parse(data['cart']);
}

async function mutate(
  field: 'addCartLines' | 'updateCartLine' | 'setCartDelivery',
  input: object,
  viewer: Viewer = anonymous,
  on = cart,
): Promise<Result> {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input!`;
  const data = await dataOf(as(on, viewer)(`mutation ($input: ${type}) { ${field}(input: $input) ${resultFields} }`, { input }));
  return resultSchema.parse(data[field]);
}

async function merge(guestCartId: string, viewer: Viewer, policy = 'SUM'): Promise<Result> {
  const text = `mutation ($id: ID!, $policy: CartMergePolicy) { mergeCart(guestCartId: $id, policy: $policy) ${resultFields} }`;
  return resultSchema.parse((await dataOf(as(cart, viewer)(text, { id: guestCartId, policy })))['mergeCart']);
}

function cartIn(result: Result): CartAnswer {
  if (result.__typename !== 'CartPayload') throw new Error(JSON.stringify(result));
  return result.cart;
}

async function add(cartId: string, lines: Record<string, number>, viewer: Viewer = anonymous): Promise<CartAnswer> {
  const input = { cartId, lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity })) };
  return cartIn(await mutate('addCartLines', input, viewer));
}

const quantities = (answer: CartAnswer | null) => Object.fromEntries((answer?.lines ?? []).map(({ sku, quantity }) => [sku, quantity]));
const codes = (answer: CartAnswer | null) => answer?.problems.map(({ code }) => code);
const quote = async (cartId: string, viewer: Viewer = anonymous, on = cart) =>
  as(on, viewer)(
    `query ($cartId: ID!) { cartQuote(cartId: $cartId) { cartId version customerId
      lines { lineId sku productName variantName quantity unitPrice ${money} lineTotal ${money} }
      totals { total ${money} } shippingAddress { city } deliveryOption { code price ${money} } problems { code } } }`,
    { cartId },
  );

describe('a guest fills a cart', () => {
  it('adds lines at the prices of the catalog and is told what is missing for a checkout', async () => {
    const answer = await add((await createCart()).id, { 'mug-blue': 2, 'book-1': 1 });
    expect(answer).toMatchObject({
      version: 2,
      lines: [
        {
          sku: 'mug-blue',
          quantity: 2,
          unitPrice: { amountMinor: 1_190, currency: 'EUR' },
          lineTotal: { amountMinor: 2_380 },
          variant: { sku: 'mug-blue' },
        },
        { sku: 'book-1', quantity: 1, unitPrice: { amountMinor: 1_070 } },
      ],
      totals: { subtotal: { amountMinor: 3_450 }, tax: { amountMinor: 380 + 70 }, total: { amountMinor: 3_450 } },
      deliveryOption: null,
    });
    expect(codes(answer)).toEqual(['ADDRESS_MISSING', 'DELIVERY_MISSING']);
  });

  it('sets address and delivery and has no problem left', async () => {
    const { id } = await add((await createCart()).id, { 'mug-blue': 1 });
    const answer = cartIn(await mutate('setCartDelivery', { cartId: id, shippingAddress: address, deliveryOptionCode: 'standard' }));
    expect(answer).toMatchObject({
      problems: [],
      totals: { shipping: { amountMinor: 490 }, total: { amountMinor: 1_680 } },
      deliveryOption: { code: 'standard' },
    });
    const abroad = cartIn(await mutate('setCartDelivery', { cartId: id, shippingAddress: { ...address, country: 'CA' } }));
    expect(abroad).toMatchObject({ problems: [], totals: { shipping: { amountMinor: 2_490 }, tax: { amountMinor: 60 + 125 } } });
  });

  it('is told which input is wrong', async () => {
    const { id: cartId } = await createCart();
    const unknown = await mutate('addCartLines', {
      cartId,
      lines: [
        { sku: 'mug-blue', quantity: 1 },
        { sku: 'nothing', quantity: 1 },
      ],
    });
    expect(unknown).toMatchObject({ __typename: 'ValidationError', fields: [{ path: ['lines', '1', 'sku'] }] });
    expect(await mutate('addCartLines', { cartId, lines: [{ sku: 'mug-draft', quantity: 1 }] })).toMatchObject({
      fields: [{ path: ['lines', '0', 'sku'] }],
    });
    expect(await mutate('addCartLines', { cartId, lines: [{ sku: 'mug-blue', quantity: 1_000 }] })).toMatchObject({
      fields: [{ path: ['lines', '0', 'quantity'] }],
    });
    expect(await mutate('addCartLines', { cartId, lines: [] })).toMatchObject({ fields: [{ path: ['lines'] }] });
    const elsewhere = await mutate('setCartDelivery', { cartId, shippingAddress: { ...address, country: 'AQ', city: ' ' } });
    expect(elsewhere).toMatchObject({ fields: [{ path: ['shippingAddress', 'city'] }, { path: ['shippingAddress', 'country'] }] });
    expect(await mutate('setCartDelivery', { cartId, deliveryOptionCode: 'drone' })).toMatchObject({
      fields: [{ path: ['deliveryOptionCode'] }],
    });
    expect(await mutate('setCartDelivery', { cartId, shippingAddress: { ...address, city: 'Bo\u0000nn' } })).toMatchObject({
      fields: [{ path: ['shippingAddress', 'city'] }],
    });
    expect((await readCart(cartId))?.version).toBe(1);
  });

  it('changes and removes a line', async () => {
    const filled = await add((await createCart()).id, { 'mug-blue': 1, 'book-1': 1 });
    const input = { cartId: filled.id, lineId: filled.lines[0]?.id };
    expect(quantities(cartIn(await mutate('updateCartLine', { ...input, quantity: 5 })))).toEqual({ 'mug-blue': 5, 'book-1': 1 });
    expect(quantities(cartIn(await mutate('updateCartLine', { ...input, quantity: 0 })))).toEqual({ 'book-1': 1 });
    expect(await mutate('updateCartLine', { ...input, quantity: 1 })).toMatchObject({ __typename: 'NotFoundError' });
    expect(await mutate('updateCartLine', { ...input, quantity: -1 })).toMatchObject({ fields: [{ path: ['quantity'] }] });
  });

  it('loses no line of 20 that are added at once', async () => {
    const { id } = await createCart();
    await Promise.all(Array.from({ length: 20 }, (_, n) => add(id, { [n % 2 ? 'mug-blue' : 'mug-red']: 1 })));
    const answer = await readCart(id);
    expect(quantities(answer)).toEqual({ 'mug-blue': 10, 'mug-red': 10 });
    expect(answer?.version).toBe(21);
  });

  it('is told of a conflict when it asked to be', async () => {
    const { id } = await add((await createCart()).id, { 'mug-blue': 1 });
    const input = { cartId: id, lines: [{ sku: 'mug-blue', quantity: 1 }] };
    expect(await mutate('addCartLines', { ...input, expectedVersion: 1 })).toEqual({ __typename: 'ConflictError', currentVersion: 2 });
    expect(cartIn(await mutate('addCartLines', { ...input, expectedVersion: 2 })).version).toBe(3);
    const raced = await Promise.all(Array.from({ length: 5 }, () => mutate('addCartLines', { ...input, expectedVersion: 3 })));
    expect(raced.filter(({ __typename }) => __typename === 'CartPayload')).toHaveLength(1);
    expect(raced.filter(({ __typename }) => __typename === 'ConflictError')).toHaveLength(4);
  });

  it('asks the catalog once for what several requests need', async () => {
    const { id } = await add((await createCart()).id, { 'mug-blue': 1, 'mug-red': 1 });
    const before = link.calls;
    await Promise.all([readCart(id), readCart(id), add(id, { 'mug-blue': 1 })]);
    expect(link.calls).toBe(before);
  });
});

describe('whose cart it is', () => {
  it('a person has one cart, the same at every createCart, and only she reads it', async () => {
    const [ada, eve] = [userViewer(), userViewer()];
    const mine = await createCart(ada);
    await add(mine.id, { 'mug-blue': 1 }, ada);
    expect(await createCart(ada)).toMatchObject({ id: mine.id, lines: [{ sku: 'mug-blue' }] });
    for (const other of [eve, anonymous]) {
      expect(await readCart(mine.id, other)).toBeNull();
      expect((await quote(mine.id, other)).data).toEqual({ cartQuote: null });
      expect(await mutate('addCartLines', { cartId: mine.id, lines: [{ sku: 'mug-blue', quantity: 1 }] }, other)).toMatchObject({
        code: 'NOT_FOUND',
      });
      expect(await mutate('updateCartLine', { cartId: mine.id, lineId: 'x', quantity: 0 }, other)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await mutate('setCartDelivery', { cartId: mine.id, shippingAddress: address }, other)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await entities([{ __typename: 'Cart', id: mine.id }], other)).toEqual([null]);
    }
    expect(await merge(mine.id, eve)).toMatchObject({ code: 'NOT_FOUND' });
    expect(
      await entities(
        [
          { __typename: 'Cart', id: mine.id },
          { __typename: 'Cart', id: randomUUID() },
        ],
        ada,
      ),
    ).toEqual([{ id: mine.id }, null]);
  });

  it("a person's cart hangs on the person, for that person only", async () => {
    const [ada, eve] = [newId(), newId()];
    const mine = await createCart(userViewer(ada));
    await createCart(userViewer(eve));
    const representations = [
      { __typename: 'User', id: ada },
      { __typename: 'User', id: eve },
    ];
    expect(await entities(representations, userViewer(ada))).toEqual([{ cart: { id: mine.id } }, { cart: null }]);
    expect(await entities(representations, anonymous)).toEqual([{ cart: null }, { cart: null }]);
  });

  it("a guest's cart is for whoever knows its id", async () => {
    const { id } = await createCart();
    expect(quantities(await add(id, { 'mug-blue': 1 }, userViewer()))).toEqual({ 'mug-blue': 1 });
    expect(await entities([{ __typename: 'Cart', id }], anonymous)).toEqual([{ id }]);
  });
});

describe('signing in with a full cart', () => {
  it.each([
    ['SUM', { 'mug-blue': 5, 'mug-red': 1, 'book-1': 1 }],
    ['MAX', { 'mug-blue': 3, 'mug-red': 1, 'book-1': 1 }],
    ['KEEP_GUEST', { 'mug-blue': 3, 'book-1': 1 }],
    ['KEEP_USER', { 'mug-blue': 2, 'mug-red': 1 }],
  ])('merges by %s, once', async (policy, expected) => {
    const ada = userViewer();
    const own = await add((await createCart(ada)).id, { 'mug-blue': 2, 'mug-red': 1 }, ada);
    const guest = await add((await createCart()).id, { 'mug-blue': 3, 'book-1': 1 });
    const answers = await Promise.all([merge(guest.id, ada, policy), merge(guest.id, ada, policy)]);
    for (const answer of [...answers, await merge(guest.id, ada, policy)])
      expect(cartIn(answer)).toMatchObject({ id: own.id, version: own.version + 1 });
    expect(quantities(await readCart(own.id, ada))).toEqual(expected);
    expect(await readCart(guest.id, ada)).toBeNull();
    expect(await mutate('addCartLines', { cartId: guest.id, lines: [{ sku: 'mug-blue', quantity: 1 }] })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('makes the cart of a person who had none, and merges it into itself as nothing', async () => {
    const ada = userViewer();
    const guest = await add((await createCart()).id, { 'mug-blue': 3 });
    const own = cartIn(await merge(guest.id, ada));
    expect(quantities(own)).toEqual({ 'mug-blue': 3 });
    expect(cartIn(await merge(own.id, ada))).toMatchObject({ id: own.id, version: own.version });
  });

  it('is for the signed-in only', async () => {
    const { id } = await createCart();
    const { errors } = await as(cart)(`mutation { mergeCart(guestCartId: "${id}") { __typename } }`);
    expect(errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
  });
});

describe('what moves while a cart lies there', () => {
  it('a price: the cart counts with the new one, says so, and is quiet when the line is updated', async () => {
    const filled = await add((await createCart()).id, { 'pen-1': 2 });
    await setPrice('pen', 'pen-1', 250);
    const changed = await readCart(filled.id);
    expect(changed).toMatchObject({ lines: [{ unitPrice: { amountMinor: 250 } }], totals: { total: { amountMinor: 500 } } });
    expect(changed?.problems[0]).toEqual({ code: 'PRICE_CHANGED', lineId: filled.lines[0]?.id });
    const updated = cartIn(await mutate('updateCartLine', { cartId: filled.id, lineId: filled.lines[0]?.id, quantity: 2 }));
    expect(codes(updated)).not.toContain('PRICE_CHANGED');
  });

  it('an article that is taken out of the shop', async () => {
    const filled = await add((await createCart()).id, { 'lamp-1': 1 });
    await change('mutation ($id: ID!, $version: Int!) { archiveProduct(id: $id, expectedVersion: $version) { __typename } }', 'lamp');
    const answer = await readCart(filled.id);
    expect(answer?.lines).toMatchObject([{ variant: null, unitPrice: { amountMinor: 4_000 } }]);
    expect(codes(answer)).toContain('VARIANT_UNAVAILABLE');
  });

  it('the stock, by its newest version; what nobody told of is no problem', async () => {
    const { id } = await add((await createCart()).id, { 'mug-blue': 3 });
    const tell = (version: number, available: number) => publishStock('mug-blue', version, available);
    expect(codes(await readCart(id))).not.toContain('INSUFFICIENT_STOCK');
    await tell(5, 2);
    expect(codes(await readCart(id))).toContain('INSUFFICIENT_STOCK');
    await tell(4, 100);
    expect(codes(await readCart(id))).toContain('INSUFFICIENT_STOCK');
    await tell(6, 3);
    expect(codes(await readCart(id))).not.toContain('INSUFFICIENT_STOCK');
  });
});

describe('while the catalog is away', () => {
  it('a cart is read at the prices last seen and a line can be taken out, but nothing is added or quoted for a checkout', async () => {
    const { id, lines } = await add((await createCart()).id, { 'hat-1': 2 });
    await using other = inProcessBus({ logger: quietLogger });
    const away = { ...link, execute: () => Promise.reject(new Error('The catalog is away.')) };
    const config = { databaseUrl: cartDatabase.url, envelopeSecrets: [TEST_SECRET] };
    await using alone = await startCart(config, { bus: other, logger: quietLogger, clock, catalog: away });
    const answer = await readCart(id, anonymous, alone);
    expect(answer).toMatchObject({
      lines: [{ unitPrice: { amountMinor: 3_000 }, variant: { sku: 'hat-1' } }],
      totals: { total: { amountMinor: 6_000 } },
    });
    expect(codes(answer)).toEqual(['ADDRESS_MISSING', 'DELIVERY_MISSING']);
    expect((await quote(id, anonymous, alone)).errors?.[0]?.extensions?.['code']).toBe('SERVICE_UNAVAILABLE');
    const { errors } = await as(alone)('mutation ($input: AddCartLinesInput!) { addCartLines(input: $input) { __typename } }', {
      input: { cartId: id, lines: [{ sku: 'hat-2', quantity: 1 }] },
    });
    expect(errors?.[0]?.extensions?.['code']).toBe('SERVICE_UNAVAILABLE');
    const input = { cartId: id, lineId: lines[0]?.id };
    expect(quantities(cartIn(await mutate('updateCartLine', { ...input, quantity: 1 }, anonymous, alone)))).toEqual({ 'hat-1': 1 });
    expect(quantities(cartIn(await mutate('updateCartLine', { ...input, quantity: 0 }, anonymous, alone)))).toEqual({});
  });
});

describe('the quote for a checkout', () => {
  it('has all that an order keeps', async () => {
    const ada = newId();
    const { id } = await createCart(userViewer(ada));
    const { lines } = await add(id, { 'book-1': 2 }, userViewer(ada));
    await mutate('setCartDelivery', { cartId: id, shippingAddress: address, deliveryOptionCode: 'express' }, userViewer(ada));
    expect((await quote(id, userViewer(ada))).data?.['cartQuote']).toEqual({
      cartId: id,
      version: 3,
      customerId: ada,
      lines: [
        {
          lineId: lines[0]?.id,
          sku: 'book-1',
          productName: 'Product book',
          variantName: 'Variant book-1',
          quantity: 2,
          unitPrice: { amountMinor: 1_070, currency: 'EUR' },
          lineTotal: { amountMinor: 2_140, currency: 'EUR' },
        },
      ],
      totals: { total: { amountMinor: 3_430, currency: 'EUR' } },
      shippingAddress: { city: 'Bonn' },
      deliveryOption: { code: 'express', price: { amountMinor: 1_290, currency: 'EUR' } },
      problems: [],
    });
  });

  it('is null for a cart that is not there', async () => {
    expect((await quote(randomUUID())).data).toEqual({ cartQuote: null });
  });
});

describe('an order empties its cart', () => {
  it('takes out what was ordered, once, and leaves what came later', async () => {
    const { id } = await add((await createCart()).id, { 'mug-red': 2, 'book-1': 1 });
    await mutate('setCartDelivery', { cartId: id, shippingAddress: address, deliveryOptionCode: 'standard' });
    await add(id, { 'mug-red': 1 });
    const event = placed(id, { 'mug-red': 2, 'book-1': 1 });
    await bus.publish(event);
    await bus.publish(event);
    const left = await readCart(id);
    expect(quantities(left)).toEqual({ 'mug-red': 1 });
    expect(left).toMatchObject({ deliveryOption: { code: 'standard' }, shippingAddress: { country: 'DE' } });
  });

  it('of a cart that is gone changes nothing', async () => {
    await bus.publish(placed(randomUUID(), { 'mug-red': 1 }));
    await bus.publish(placed('no cart at all', { 'mug-red': 1 }));
  });
});

describe('following a cart', () => {
  it('begins with the cart as it is and tells every change, whoever makes it', async () => {
    const { id } = await add((await createCart()).id, { 'mug-red': 1 });
    const following = await follow(id);
    expect(await following.next()).toMatchObject({ version: 2, quantities: { 'mug-red': 1 } });
    await add(id, { 'mug-red': 1 });
    expect(await following.next()).toMatchObject({ version: 3, quantities: { 'mug-red': 2 } });
    await bus.publish(placed(id, { 'mug-red': 2 }));
    expect(await following.next()).toMatchObject({ version: 4, quantities: {} });
    await following.stop();
  });

  it('prices every step anew', async () => {
    const { id } = await add((await createCart()).id, { 'ink-1': 1 });
    const following = await follow(id);
    expect(await following.next()).toMatchObject({ total: 700 });
    await setPrice('ink', 'ink-1', 800);
    await add(id, { 'ink-1': 1 });
    expect(await following.next()).toMatchObject({ total: 1_600 });
    await following.stop();
  });

  it('ends when the cart is merged away', async () => {
    const { id } = await createCart();
    const following = await follow(id);
    await following.next();
    await merge(id, userViewer());
    expect(await following.next()).toBeNull();
  });

  it("is refused for somebody else's cart", async () => {
    const { id } = await createCart(userViewer());
    await expect(follow(id)).rejects.toThrow('NOT_FOUND');
  });
});

describe('a cart that nobody comes back for', () => {
  it('is not found after 90 days and is deleted, a person keeps theirs', async () => {
    const ada = userViewer();
    const [guest, own] = [await createCart(), await createCart(ada)];
    clock.advance(91 * 86_400_000);
    expect(await readCart(guest.id)).toBeNull();
    await settle([cart]);
    expect(await readCart(own.id, ada)).toMatchObject({ id: own.id });
  });
});

async function entities(representations: object[], viewer: Viewer): Promise<unknown> {
  const text = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Cart { id } ... on User { cart { id } } } }';
  return (await dataOf(as(cart, viewer)(text, { r: representations })))['_entities'];
}

async function change(mutation: string, slug: string, variables: Record<string, unknown> = {}): Promise<void> {
  const { product } = await dataOf(as(catalog, staff)('query ($slug: String!) { product(slug: $slug) { id version } }', { slug }));
  const { id, version } = z.object({ id: z.string(), version: z.int() }).parse(product);
  await dataOf(as(catalog, staff)(mutation, { id, version, ...variables }));
  await settle([catalog, cart]);
}

function setPrice(slug: string, sku: string, amountMinor: number): Promise<void> {
  const text = `mutation ($id: ID!, $version: Int!, $prices: [VariantPriceInput!]!) {
    setPrices(input: { productId: $id, expectedVersion: $version, prices: $prices }) { __typename } }`;
  return change(text, slug, { prices: [{ sku, price: { amountMinor, currency: 'EUR' } }] });
}

function envelope(type: string, aggregateId: string, data: unknown) {
  return {
    id: newId(),
    type,
    aggregateId,
    aggregateVersion: 1,
    occurredAt: new Date().toISOString(),
    traceparent: null,
    causationId: null,
    data,
  };
}

function publishStock(sku: string, version: number, available: number): Promise<void> {
  return bus.publish(envelope(stockChanged.type, sku, { sku, version, available, status: 'LOW_STOCK', at: clock.now().toISOString() }));
}

function placed(cartId: string, lines: Record<string, number>) {
  const orderId = newId();
  const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
  return envelope(
    orderPlaced.type,
    orderId,
    orderPlaced.data.parse({
      orderId,
      orderNumber: 'S-1',
      customerId: null,
      email: 'a@b.example',
      locale: 'en',
      cartId,
      lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity, productName: 'P', variantName: 'V', unitPrice: eur(100) })),
      totals: { subtotal: eur(1), discount: eur(0), shipping: eur(0), tax: eur(0), total: eur(1) },
      placedAt: clock.now().toISOString(),
    }),
  );
}

/** `next` gives null at the end of the stream. */
async function follow(cartId: string) {
  const stopping = new AbortController();
  const query = 'subscription ($id: ID!) { cartChanged(cartId: $id) { version lines { sku quantity } totals { total { amountMinor } } } }';
  const source = await directTransport(cart.server, TEST_SECRET).subscribe(
    { query, variables: { id: cartId } },
    claimsOf(anonymous),
    stopping.signal,
  );
  if (!(Symbol.asyncIterator in source)) throw new Error(String(source.errors?.[0]?.extensions['code']));
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
