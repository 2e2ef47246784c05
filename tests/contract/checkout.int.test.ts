import { startCart } from '@shop/cart';
import { startCatalog } from '@shop/catalog';
import { seedCatalog } from '@shop/catalog/seed';
import { startOrders } from '@shop/orders';
import { manualClock } from '@shop/platform/clock';
import type { EventEnvelope } from '@shop/platform/event';
import { newId } from '@shop/platform/ids';
import { inProcessBus } from '@shop/platform/in-process-bus';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { directTransport, type SubgraphTransport } from '@shop/platform/subgraph-transport';
import { anonymous, type Viewer } from '@shop/platform/viewer';
import { startUsers } from '@shop/users';
import { seedUsers } from '@shop/users/seed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase } from '../kit/postgres.js';
import { product, variant } from '../kit/seed-product.js';
import { as, dataOf, quietLogger, settle, TEST_SECRET, userViewer } from '../kit/subgraph.js';

const ada = { id: newId(), email: 'ada@shop.example', locale: 'de' };
const stack = new AsyncDisposableStack();
const sent: EventEnvelope[] = [];
const clock = manualClock(new Date());
let all: RunningSubgraph[];
let catalog: RunningSubgraph;
let cart: RunningSubgraph;
let orders: RunningSubgraph;

beforeAll(async () => {
  const url = async () => stack.use(await createTestDatabase()).url;
  const [users, goods, carts, own] = [await url(), await url(), await url(), await url()];
  await seedUsers(users, [
    { ...ada, displayName: 'Ada', roles: ['customer'], password: 'a-long-password', createdAt: new Date(), addresses: [] },
  ]);
  await seedCatalog(goods, {
    categories: [],
    products: ['mug', 'pen', 'lamp'].map((slug) => product(slug, { variants: [variant(`${slug}-1`, 1_000)] })),
  });
  const bus = stack.use(inProcessBus({ logger: quietLogger, backoffMs: [1] }));
  bus.consume({
    name: 'recorder',
    types: ['orders.order-placed.v1', 'payments.authorize.v1'],
    handle: async (event) => void sent.push(event),
    park: async () => undefined,
  });
  const parts = { bus, logger: quietLogger };
  const config = (databaseUrl: string) => ({ databaseUrl, envelopeSecrets: [TEST_SECRET] });
  const reach = (subgraph: RunningSubgraph): SubgraphTransport => directTransport(subgraph.server, TEST_SECRET);
  const people = stack.use(await startUsers(config(users), parts));
  catalog = stack.use(await startCatalog(config(goods), parts));
  cart = stack.use(await startCart(config(carts), { ...parts, catalog: reach(catalog) }));
  const orderTokenSecret = 'an-order-token-secret-of-32-characters';
  orders = stack.use(await startOrders({ ...config(own), orderTokenSecret }, { ...parts, clock, cart: reach(cart), users: reach(people) }));
  all = [people, catalog, cart, orders];
});

afterAll(() => stack.disposeAsync());

const address = { fullName: 'Ada', line1: 'Weg 1', city: 'Bonn', postalCode: '53111', country: 'DE' };
const money = z.object({ amountMinor: z.int(), currency: z.string() });
const cartShape = z.object({ id: z.string(), totals: z.object({ total: money }), lines: z.array(z.object({ sku: z.string() })) });
const cartFields = 'id lines { sku } totals { total { amountMinor currency } }';

async function createCart(viewer: Viewer) {
  const { createCart: answer } = await dataOf(as(cart, viewer)(`mutation { createCart { cart { ${cartFields} } } }`));
  return z.object({ cart: cartShape }).parse(answer).cart;
}

async function change(field: 'addCartLines' | 'setCartDelivery', input: object, viewer: Viewer) {
  const type = field === 'addCartLines' ? 'AddCartLinesInput!' : 'SetCartDeliveryInput!';
  const text = `mutation ($input: ${type}) { ${field}(input: $input) { ... on CartPayload { cart { ${cartFields} } } } }`;
  return z.object({ cart: cartShape }).parse((await dataOf(as(cart, viewer)(text, { input })))[field]).cart;
}

async function fullCart(viewer: Viewer = anonymous, sku = 'mug-1') {
  const { id: cartId } = await createCart(viewer);
  await change('addCartLines', { cartId, lines: [{ sku, quantity: 2 }] }, viewer);
  return change('setCartDelivery', { cartId, shippingAddress: address, deliveryOptionCode: 'standard' }, viewer);
}

async function readCart(id: string, viewer: Viewer = anonymous) {
  const { cart: answer } = await dataOf(as(cart, viewer)(`query ($id: ID!) { cart(id: $id) { ${cartFields} } }`, { id }));
  return cartShape.parse(answer);
}

const checkoutText = `mutation ($input: CheckoutInput!) { checkout(input: $input) { __typename
  ... on UserError { code } ... on IdempotencyConflictError { retryable } ... on RateLimitedError { retryAfterSeconds } ... on ValidationError { fields { path } }
  ... on CartNotReadyError { problems { code lineId } } ... on PriceChangedError { expectedTotal { amountMinor } currentTotal { amountMinor } }
  ... on CheckoutPayload { orderToken order { id number status email customer { id } lines { sku quantity variant { sku } } totals { total { amountMinor currency } } } } } }`;

interface Filled {
  id: string;
  totals: { total: z.output<typeof money> };
}

async function checkout(filled: Filled, over: object = {}, viewer: Viewer = anonymous, clientAddress = '127.0.0.1') {
  const input = { cartId: filled.id, expectedTotal: filled.totals.total, email: 'guest@shop.example', paymentToken: 'pm_card_visa' };
  const asked = { input: { ...input, idempotencyKey: newId(), ...over } };
  return z
    .looseObject({ __typename: z.string() })
    .parse((await dataOf(as(orders, viewer, { clientAddress })(checkoutText, asked)))['checkout']);
}

const orderOf = (answer: unknown) =>
  z.object({ orderToken: z.string(), order: z.looseObject({ id: z.string(), number: z.string() }) }).parse(answer);

describe('a checkout', () => {
  it('makes an order of the cart as it is, and empties the cart', async () => {
    const filled = await fullCart();
    const answer = await checkout(filled);
    expect(answer).toMatchObject({
      __typename: 'CheckoutPayload',
      order: {
        number: expect.stringMatching(/^S-\d{6}$/),
        status: 'PLACED',
        email: 'guest@shop.example',
        customer: null,
        lines: [{ sku: 'mug-1', quantity: 2, variant: { sku: 'mug-1' } }],
        totals: { total: filled.totals.total },
      },
    });
    await settle(all);
    expect((await readCart(filled.id)).lines).toEqual([]);
    const { orderToken, order } = orderOf(answer);
    const { orderByToken } = await dataOf(
      as(orders)(`query ($token: String!) { orderByToken(token: $token) { id } }`, { token: orderToken }),
    );
    expect(orderByToken).toEqual({ id: order.id });
  });

  it('answers the same key and body with the same order and token, 30 times at once and later', async () => {
    const filled = await fullCart();
    const idempotencyKey = newId();
    const answers = await Promise.all(Array.from({ length: 30 }, () => checkout(filled, { idempotencyKey })));
    await settle(all);
    answers.push(await checkout(filled, { idempotencyKey }));
    const [first, ...others] = answers.map((answer) => {
      const { orderToken, order } = orderOf(answer);
      return `${order.id} ${order.number} ${orderToken}`;
    });
    for (const other of others) expect(other).toBe(first);
    expect(sent.filter(({ type, data }) => type === 'orders.order-placed.v1' && JSON.stringify(data).includes(filled.id))).toHaveLength(1);
    expect(await checkout(filled, { idempotencyKey, paymentToken: 'pm_other' })).toMatchObject({
      __typename: 'IdempotencyConflictError',
      retryable: false,
    });
  });

  it('makes one order of one cart, whatever keys are used at once', async () => {
    const filled = await fullCart();
    const answers = await Promise.all(Array.from({ length: 10 }, () => checkout(filled)));
    expect(answers.map(({ __typename }) => __typename).toSorted()).toEqual([...Array<string>(9).fill('CartEmptyError'), 'CheckoutPayload']);
    await settle(all);
    expect(await checkout(filled)).toMatchObject({ __typename: 'CartEmptyError', code: 'CART_EMPTY' });
  });

  it('two carts may be bought with the same key', async () => {
    const [one, other] = [await fullCart(), await fullCart()];
    const key = { idempotencyKey: 'same' };
    expect(orderOf(await checkout(one, key)).order.id).not.toBe(orderOf(await checkout(other, key)).order.id);
  });

  it('is refused without effect, and its key stays free', async () => {
    const idempotencyKey = newId();
    const empty = await createCart(anonymous);
    expect(await checkout(empty, { idempotencyKey })).toMatchObject({ __typename: 'CartEmptyError' });
    await change('addCartLines', { cartId: empty.id, lines: [{ sku: 'mug-1', quantity: 2 }] }, anonymous);
    expect(await checkout(empty, { idempotencyKey })).toMatchObject({
      __typename: 'CartNotReadyError',
      problems: [
        { code: 'ADDRESS_MISSING', lineId: null },
        { code: 'DELIVERY_MISSING', lineId: null },
      ],
    });
    const filled = await change(
      'setCartDelivery',
      { cartId: empty.id, shippingAddress: address, deliveryOptionCode: 'standard' },
      anonymous,
    );
    const { amountMinor, currency } = filled.totals.total;
    expect(await checkout(filled, { idempotencyKey, expectedTotal: { amountMinor: amountMinor - 1, currency } })).toMatchObject({
      __typename: 'PriceChangedError',
      expectedTotal: { amountMinor: amountMinor - 1 },
      currentTotal: { amountMinor },
    });
    expect(await checkout(filled, { idempotencyKey })).toMatchObject({ __typename: 'CheckoutPayload' });
  });

  it('tells a wrong input by its field, and never takes a card number', async () => {
    const filled = await fullCart();
    const paths = async (over: object, viewer?: Viewer) => (await checkout(filled, over, viewer))['fields'];
    expect(await paths({ email: null })).toEqual([{ path: ['email'] }]);
    expect(await paths({ idempotencyKey: 'k'.repeat(256) })).toEqual([{ path: ['idempotencyKey'] }]);
    expect(await paths({ paymentToken: '4242 4242 4242 4242' })).toEqual([{ path: ['paymentToken'] }]);
    expect(await checkout({ ...filled, id: newId() })).toMatchObject({ __typename: 'NotFoundError' });
    expect(await checkout({ ...filled, id: 'x' })).toMatchObject({ __typename: 'NotFoundError' });
  });

  it('is limited to 60 a minute for each network, but a repeated one is answered', async () => {
    const [bought, next, other] = [await fullCart(), await fullCart(), await fullCart()];
    const from = (host: string) => `2001:db8:0:7::${host}`;
    const key = { idempotencyKey: newId() };
    const first = await checkout(bought, key, anonymous, from('1'));
    for (let n = 0; n < 59; n++)
      expect(await checkout({ ...next, id: newId() }, {}, anonymous, from('2'))).toMatchObject({ __typename: 'NotFoundError' });
    const again = { idempotencyKey: newId() };
    expect(await checkout(next, again, anonymous, from('3'))).toMatchObject({ __typename: 'RateLimitedError', retryAfterSeconds: 1 });
    expect(orderOf(await checkout(bought, key, anonymous, from('1')))).toMatchObject({ order: { id: orderOf(first).order.id } });
    expect(await checkout(other, {}, anonymous, '2001:db8:0:8::1')).toMatchObject({ __typename: 'CheckoutPayload' });
    clock.advance(1_000);
    expect(await checkout(next, again, anonymous, from('3'))).toMatchObject({ __typename: 'CheckoutPayload' });
  });

  it('asks for the price of this moment', async () => {
    const filled = await fullCart(anonymous, 'pen-1');
    await raisePrice('pen');
    expect(await checkout(filled)).toMatchObject({
      __typename: 'PriceChangedError',
      currentTotal: { amountMinor: filled.totals.total.amountMinor + 200 },
    });
    const { totals } = await readCart(filled.id);
    expect(await checkout({ ...filled, totals })).toMatchObject({ __typename: 'CheckoutPayload' });
  });
});

describe('a signed-in person', () => {
  const viewer = userViewer(ada.id);

  it('needs to say no address: it is the one of the account', async () => {
    const filled = await fullCart(viewer);
    const answer = await checkout(filled, { email: undefined }, viewer);
    expect(answer).toMatchObject({ order: { email: ada.email, customer: { id: ada.id } } });
    await settle(all);
    const placed = sent.filter(({ aggregateId }) => aggregateId === orderOf(answer).order.id);
    expect(placed[0]?.data).toMatchObject({ customerId: ada.id, email: ada.email, locale: 'de' });
  });

  it('is written to in the language of the account, also at another address', async () => {
    const answer = await checkout(await fullCart(viewer), { email: 'office@shop.example' }, viewer);
    await settle(all);
    const placed = sent.find(({ aggregateId }) => aggregateId === orderOf(answer).order.id);
    expect(placed?.data).toMatchObject({ email: 'office@shop.example', locale: 'de' });
  });

  it("finds no cart of somebody else's", async () => {
    const filled = await fullCart(viewer, 'lamp-1');
    expect(await checkout(filled, {}, userViewer())).toMatchObject({ __typename: 'NotFoundError' });
    expect(await checkout(filled)).toMatchObject({ __typename: 'NotFoundError' });
  });
});

async function raisePrice(slug: string): Promise<void> {
  const staff = as(catalog, userViewer(undefined, ['catalog:write', 'catalog:read-all']));
  const shape = z.object({ id: z.string(), version: z.int() });
  const found = shape.parse((await dataOf(staff(`query ($slug: String!) { product(slug: $slug) { id version } }`, { slug })))['product']);
  const prices = [{ sku: `${slug}-1`, price: { amountMinor: 1_100, currency: 'EUR' } }];
  const input = { productId: found.id, expectedVersion: found.version, prices };
  await dataOf(staff(`mutation ($input: SetPricesInput!) { setPrices(input: $input) { __typename } }`, { input }));
  await settle(all);
}
