import { anonymous, type Viewer } from '@shop/platform/viewer';
import { newId } from '@shop/platform/ids';
import { as, dataOf, userViewer } from '@shop/tests/kit/subgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { signOrderToken } from '../src/order-token.js';
import { ORDER_TOKEN_SECRET, startOrdersAlone, type OrdersAlone } from './orders-kit.js';

let shop: OrdersAlone;

beforeAll(async () => {
  shop = await startOrdersAlone();
});

afterAll(async () => {
  await shop[Symbol.asyncDispose]();
});

const ada = newId();
const owner = userViewer(ada);
const stranger = userViewer();
const reader = userViewer(undefined, ['orders:read']);
const staff = userViewer(undefined, ['orders:read', 'orders:write']);
const holderOf = (orderId: string): Viewer => ({ kind: 'order-token', orderId });

const ask = async (viewer: Viewer, query: string, variables: Record<string, unknown> = {}) =>
  dataOf(as(shop.orders, viewer)(query, variables));
const codeOf = async (viewer: Viewer, query: string, variables: Record<string, unknown> = {}) =>
  (await as(shop.orders, viewer)(query, variables)).errors?.[0]?.extensions?.['code'];

async function confirmed(customerId: string | null = ada) {
  const order = await shop.place({ customerId });
  await shop.hear(order.id, 'stock-reserved', 'payment-authorized', 'stock-committed', 'payment-captured');
  return order;
}

describe('reading an order', () => {
  const byId = `query ($id: ID!) { order(id: $id) { id } }`;
  const byNumber = `query ($number: String!) { order(number: $number) { id } }`;
  const asEntity = `query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Order { id } } }`;

  test('its owner, the holder of its token and staff find it by every path; others find nothing', async () => {
    const { id, number } = await shop.place({ customerId: ada });
    const other = await shop.place();
    const found = async (viewer: Viewer) => {
      const keys = [
        { __typename: 'Order', id },
        { __typename: 'Order', number },
      ];
      const { _entities } = await ask(viewer, asEntity, { keys });
      const answers = [
        (await ask(viewer, byId, { id }))['order'],
        (await ask(viewer, byNumber, { number }))['order'],
        ...z.array(z.unknown()).parse(_entities),
      ];
      const seen = new Set(answers.map((answer) => answer !== null));
      expect(seen.size).toBe(1);
      return seen.has(true);
    };
    for (const viewer of [owner, reader, holderOf(id)]) expect(await found(viewer)).toBe(true);
    for (const viewer of [stranger, anonymous, holderOf(other.id), userViewer(undefined, ['catalog:write'])])
      expect(await found(viewer)).toBe(false);
  });

  test('ids and numbers that are none are answered with null', async () => {
    expect(await ask(staff, byId, { id: 'x' })).toEqual({ order: null });
    expect(await ask(staff, byNumber, { number: 'S-0' })).toEqual({ order: null });
    expect(await ask(staff, asEntity, { keys: [{ __typename: 'Order', id: "'; drop table orders" }] })).toEqual({ _entities: [null] });
    expect(await codeOf(staff, `{ order { id } }`)).toBe('BAD_USER_INPUT');
    expect(await codeOf(staff, `{ order(id: "a", number: "b") { id } }`)).toBe('BAD_USER_INPUT');
  });

  test('its number may be typed as people type', async () => {
    const { id, number } = await shop.place({ customerId: ada });
    expect(await ask(owner, byNumber, { number: ` ${number.toLowerCase()} ` })).toEqual({ order: { id } });
  });

  test('who of the shop took a step is told to staff only', async () => {
    const { id } = await confirmed();
    const colleague = userViewer(undefined, ['orders:write']);
    await ask(colleague, `mutation { createShipment(input: { orderId: "${id}", carrier: "Post" }) { __typename } }`);
    const actorsFor = async (viewer: Viewer) => {
      const { order } = await ask(viewer, `query ($id: ID!) { order(id: $id) { timeline { actor } } }`, { id });
      return z
        .object({ timeline: z.array(z.object({ actor: z.string() })) })
        .parse(order)
        .timeline.map(({ actor }) => actor);
    };
    for (const viewer of [owner, holderOf(id)]) expect(await actorsFor(viewer)).toEqual(['guest', 'shop', 'staff']);
    expect((await actorsFor(reader)).at(-1)).toMatch(/^user:/);
  });

  test('everything of it is a snapshot with stubs for what others own', async () => {
    const { id } = await shop.place({ customerId: ada });
    const { order } = await ask(
      owner,
      `query ($id: ID!) { order(id: $id) {
        status revision availableTransitions customer { id } email placedAt
        lines { sku productName quantity unitPrice { amountMinor formatted(locale: "en") } lineTotal { amountMinor } variant { sku } }
        totals { total { amountMinor currency } } shippingAddress { city country } deliveryOption { code price { amountMinor } }
        shipments { id } timeline { revision at status message actor }
      } }`,
      { id },
    );
    expect(order).toMatchObject({
      status: 'PLACED',
      availableTransitions: ['CONFIRMED', 'REJECTED', 'CANCELLED'],
      customer: { id: ada },
      email: 'guest@shop.example',
      lines: [
        {
          sku: 'MUG-BLUE',
          quantity: 3,
          unitPrice: { amountMinor: 500, formatted: '€5.00' },
          lineTotal: { amountMinor: 1500 },
          variant: { sku: 'MUG-BLUE' },
        },
        { sku: 'TEA' },
      ],
      totals: { total: { amountMinor: 2890, currency: 'EUR' } },
      shippingAddress: { city: 'Berlin', country: 'DE' },
      deliveryOption: { code: 'standard', price: { amountMinor: 490 } },
      shipments: [],
      timeline: [{ revision: 1, status: 'PLACED', message: 'Order placed.', actor: 'guest' }],
    });
  });

  test('a token opens its order for anybody until it expires', async () => {
    const order = await shop.place();
    const query = `query ($token: String!) { orderByToken(token: $token) { id customer { id } } }`;
    const token = signOrderToken(order, ORDER_TOKEN_SECRET);
    expect(await ask(anonymous, query, { token })).toEqual({ orderByToken: { id: order.id, customer: null } });
    expect(await ask(anonymous, query, { token: `${token}x` })).toEqual({ orderByToken: null });
    const old = signOrderToken({ id: order.id, placedAt: new Date('2025-01-01T00:00:00Z') }, ORDER_TOKEN_SECRET);
    expect(await ask(anonymous, query, { token: old })).toEqual({ orderByToken: null });
  });
});

describe('lists', () => {
  const pageShape = z.object({
    nodes: z.array(z.object({ id: z.string() })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  });
  const fields = `nodes { id } pageInfo { hasNextPage endCursor }`;

  test('a person reads their own orders newest first, page by page; others read null', async () => {
    const person = newId();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.unshift((await shop.place({ customerId: person })).id);
      if (n % 2 === 0) shop.clock.advance(1);
    }
    const query = `query ($keys: [_Any!]!, $after: String) { _entities(representations: $keys) { ... on User { orders(first: 2, after: $after) { ${fields} } } } }`;
    const keys = [{ __typename: 'User', id: person }];
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { _entities } = await ask(userViewer(person), query, { keys, after });
      const page: z.output<typeof pageShape> | undefined = z.array(z.object({ orders: pageShape })).parse(_entities)[0]?.orders;
      seen.push(...(page?.nodes ?? []).map(({ id }) => id));
      after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(ids);
    expect(await ask(stranger, query, { keys })).toEqual({ _entities: [{ orders: null }] });
    expect(await ask(anonymous, query, { keys })).toEqual({ _entities: [{ orders: null }] });
    expect(await ask(reader, query, { keys })).toMatchObject({ _entities: [{ orders: { nodes: [{}, {}] } }] });
  });

  test('staff list orders of one state; nobody else may', async () => {
    const { id } = await shop.place();
    await shop.hear(id, 'stock-rejected');
    const query = `{ orders(status: REJECTED, first: 1) { ${fields} } }`;
    expect(await ask(reader, query)).toMatchObject({ orders: { nodes: [{ id }] } });
    expect(await codeOf(stranger, query)).toBe('FORBIDDEN');
    expect(await codeOf(anonymous, query)).toBe('UNAUTHENTICATED');
    expect(await codeOf(holderOf(id), query)).toBe('UNAUTHENTICATED');
    expect(await codeOf(reader, `{ orders(first: 101) { ${fields} } }`)).toBe('BAD_USER_INPUT');
    expect(await codeOf(reader, `{ orders(after: "x") { ${fields} } }`)).toBe('BAD_USER_INPUT');
  });
});

describe('cancelling', () => {
  const mutation = `mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) {
    __typename ... on OrderPayload { order { status revision statusReason timeline { actor } } }
    ... on IllegalTransitionError { code from to allowed } ... on UserError { code } } }`;
  const cancel = (viewer: Viewer, orderId: string, reason?: string) => ask(viewer, mutation, { input: { orderId, reason } });

  test('a confirmed order goes back: stock, money, and an event', async () => {
    const { id } = await confirmed();
    expect(await cancel(owner, id, 'too late')).toEqual({
      cancelOrder: {
        __typename: 'OrderPayload',
        order: {
          status: 'CANCELLED',
          revision: 3,
          statusReason: 'too late',
          timeline: [{ actor: 'guest' }, { actor: 'shop' }, { actor: `user:${ada}` }],
        },
      },
    });
    await shop.settle();
    expect(shop.data(id, 'void')).toEqual([{ orderId: id, reason: 'CANCELLED' }]);
    expect(shop.data(id, 'release-stock')).toEqual([{ orderId: id, reason: 'CANCELLED' }]);
    expect(shop.data(id, 'order-cancelled')).toMatchObject([{ reason: 'too late' }]);
    await shop.hear(id, 'stock-released', 'payment-refunded');
    expect(await cancel(owner, id)).toMatchObject({
      cancelOrder: { __typename: 'IllegalTransitionError', from: 'CANCELLED', to: 'CANCELLED', allowed: [] },
    });
  });

  test('the holder of the token may, a stranger finds nothing, staff who only read are forbidden', async () => {
    const { id } = await shop.place();
    expect(await cancel(stranger, id)).toMatchObject({ cancelOrder: { __typename: 'NotFoundError' } });
    expect(await cancel(stranger, newId())).toMatchObject({ cancelOrder: { __typename: 'NotFoundError' } });
    expect(await codeOf(reader, mutation, { input: { orderId: id } })).toBe('FORBIDDEN');
    expect(await cancel(holderOf(id), id)).toMatchObject({ cancelOrder: { order: { status: 'CANCELLED', statusReason: null } } });
  });

  test('ten cancellations at once cancel once', async () => {
    const { id } = await confirmed();
    const answers = await Promise.all(Array.from({ length: 10 }, () => cancel(owner, id)));
    expect(answers.filter((answer) => JSON.stringify(answer).includes('OrderPayload'))).toHaveLength(1);
    await shop.settle();
    expect(shop.data(id, 'order-cancelled')).toHaveLength(1);
  });
});

describe('shipping', () => {
  const result = `__typename ... on UserError { code message }
    ... on OrderPayload { order { status revision lines { id sku } shipments { id status carrier trackingNumber lines { orderLineId quantity } events { status message location } } } }
    ... on IllegalTransitionError { from to allowed } ... on ValidationError { fields { path } }`;
  const orderShape = z.object({
    status: z.string(),
    revision: z.int(),
    lines: z.array(z.object({ id: z.string(), sku: z.string() })),
    shipments: z.array(z.looseObject({ id: z.string(), status: z.string() })),
  });
  const ship = async (input: object, viewer = staff) =>
    (await ask(viewer, `mutation ($input: CreateShipmentInput!) { createShipment(input: $input) { ${result} } }`, { input }))[
      'createShipment'
    ];
  const track = async (input: object) =>
    (await ask(staff, `mutation ($input: AddTrackingEventInput!) { addTrackingEvent(input: $input) { ${result} } }`, { input }))[
      'addTrackingEvent'
    ];
  const orderOf = (answer: unknown) => z.object({ order: orderShape }).parse(answer).order;

  test('in two parcels: partially shipped, shipped, delivered with the last parcel', async () => {
    const { id, lines } = await confirmed();
    const [mugs, tea] = lines;
    const first = orderOf(
      await ship({ orderId: id, carrier: 'DHL', trackingNumber: 'T1', lines: [{ orderLineId: mugs?.id, quantity: 2 }] }),
    );
    expect(first).toMatchObject({
      status: 'PARTIALLY_SHIPPED',
      revision: 3,
      shipments: [{ carrier: 'DHL', trackingNumber: 'T1', status: 'CREATED' }],
    });

    const second = orderOf(await ship({ orderId: id, carrier: 'DHL', lines: [{ orderLineId: tea?.id, quantity: 1 }] }));
    expect(second).toMatchObject({ status: 'PARTIALLY_SHIPPED', revision: 3 });
    const third = orderOf(await ship({ orderId: id, carrier: 'UPS' }));
    expect(third).toMatchObject({ status: 'SHIPPED', revision: 4 });
    expect(third.shipments.map((shipment) => shipment['lines'])).toEqual([
      [{ orderLineId: mugs?.id, quantity: 2 }],
      [{ orderLineId: tea?.id, quantity: 1 }],
      [{ orderLineId: mugs?.id, quantity: 1 }],
    ]);
    expect(await ship({ orderId: id, carrier: 'UPS' })).toMatchObject({
      __typename: 'IllegalTransitionError',
      from: 'SHIPPED',
      to: 'SHIPPED',
      allowed: ['DELIVERED'],
    });
    await shop.settle();
    expect(shop.data(id, 'order-shipped')).toMatchObject([
      { isPartial: true, lines: [{ sku: 'MUG-BLUE', quantity: 2 }] },
      { isPartial: true, lines: [{ sku: 'TEA', quantity: 1 }] },
      { isPartial: false, lines: [{ sku: 'MUG-BLUE', quantity: 1 }] },
    ]);

    const deliver = (shipmentId: string | undefined) => track({ shipmentId, status: 'DELIVERED', message: 'At the door.' });
    const [a, b, c] = third.shipments.map((shipment) => shipment.id);
    await deliver(a);
    expect(orderOf(await deliver(b))).toMatchObject({ status: 'SHIPPED' });
    expect(orderOf(await deliver(c))).toMatchObject({ status: 'DELIVERED', revision: 5 });
    expect(orderOf(await deliver(c))).toMatchObject({ status: 'DELIVERED', revision: 5 });
    await shop.settle();
    expect(shop.data(id, 'order-delivered')).toHaveLength(1);
  });

  test('more than is left, foreign lines and a second cancel are refused', async () => {
    const { id, lines } = await confirmed();
    expect(await ship({ orderId: id, carrier: 'DHL', lines: [{ orderLineId: lines[0]?.id, quantity: 4 }] })).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['lines', '0', 'quantity'] }],
    });
    expect(await ship({ orderId: id, carrier: ' ' })).toMatchObject({ fields: [{ path: ['carrier'] }] });
    expect(await ship({ orderId: newId(), carrier: 'DHL' })).toMatchObject({ __typename: 'NotFoundError' });
    await ship({ orderId: id, carrier: 'DHL' });
    expect(
      await ask(
        owner,
        `mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { ... on IllegalTransitionError { from allowed } } }`,
        { input: { orderId: id } },
      ),
    ).toEqual({
      cancelOrder: { from: 'SHIPPED', allowed: ['DELIVERED'] },
    });
  });

  test('what is not confirmed is not shipped, and only staff ship', async () => {
    const { id } = await shop.place();
    expect(await ship({ orderId: id, carrier: 'DHL' })).toMatchObject({
      __typename: 'IllegalTransitionError',
      from: 'PLACED',
      to: 'SHIPPED',
    });
    expect(await codeOf(owner, `mutation { createShipment(input: { orderId: "${id}", carrier: "x" }) { __typename } }`)).toBe('FORBIDDEN');
  });

  test('the carrier’s messages follow the table, repeated ones change nothing', async () => {
    const { id } = await confirmed();
    const shipmentId = orderOf(await ship({ orderId: id, carrier: 'DHL' })).shipments[0]?.id;
    await track({ shipmentId, status: 'IN_TRANSIT', location: 'Hamburg', message: 'Sorted.' });
    const again = orderOf(await track({ shipmentId, status: 'IN_TRANSIT', location: 'Hamburg', message: 'Sorted.' }));
    expect(again.shipments[0]?.['events']).toEqual([
      { status: 'CREATED', message: 'The parcel is packed.', location: null },
      { status: 'IN_TRANSIT', message: 'Sorted.', location: 'Hamburg' },
    ]);
    expect(await track({ shipmentId, status: 'CREATED', message: 'x' })).toMatchObject({
      __typename: 'IllegalTransitionError',
      from: 'IN_TRANSIT',
    });
    expect(await track({ shipmentId: newId(), status: 'IN_TRANSIT', message: 'x' })).toMatchObject({ __typename: 'NotFoundError' });
  });

  test('parcels shipped at once by several clerks never hold more than was ordered', async () => {
    const { id, lines } = await confirmed();
    const one = { orderId: id, carrier: 'DHL', lines: [{ orderLineId: lines[0]?.id, quantity: 1 }] };
    const answers = await Promise.all(Array.from({ length: 6 }, () => ship(one)));
    expect(answers.filter((answer) => JSON.stringify(answer).includes('ValidationError'))).toHaveLength(3);
    await shop.settle();
    expect(shop.data(id, 'order-shipped')).toHaveLength(3);
  });
});
