import { readdir, readFile } from 'node:fs/promises';
import { ENVELOPE_HEADER, ENVELOPE_MAX_AGE_MS, sealEnvelope } from '@shop/platform/envelope';
import { GRAPHQL_PATH } from '@shop/platform/graphql-body';
import type { RunningSubgraph } from '@shop/platform/running-subgraph';
import { anonymous, type Viewer } from '@shop/platform/viewer';
import { parse, visit } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { someSkus } from '../../kit/buyer.js';
import { startTestShop, type TestShop } from '../../kit/shop.js';
import { as, claimsOf, userViewer } from '../../kit/subgraph.js';
import { nobodys, type Ids } from './api-operations.js';
import { somebody, type Somebody } from './somebody.js';

const secretSchema = z.object({ client: z.object({ id: z.string() }) });

type Known = Ids & { userId: string };

interface Entity {
  subgraph: string;
  key(ids: Known): Record<string, unknown>;
  fields: string;
}

/** Every entity that belongs to somebody, in every subgraph that resolves it. */
const owned: Record<string, Entity[]> = {
  User: [
    { subgraph: 'users', key: ({ userId }) => ({ id: userId }), fields: 'email displayName addresses { label }' },
    { subgraph: 'cart', key: ({ userId }) => ({ id: userId }), fields: 'cart { id }' },
    { subgraph: 'orders', key: ({ userId }) => ({ id: userId }), fields: 'orders(first: 5) { nodes { number email } }' },
    { subgraph: 'notifications', key: ({ userId }) => ({ id: userId }), fields: 'notifications(first: 5) { nodes { subject } }' },
  ],
  Cart: [{ subgraph: 'cart', key: ({ cartId }) => ({ id: cartId }), fields: 'lines { sku } shippingAddress { fullName }' }],
  Order: [
    { subgraph: 'orders', key: ({ orderId }) => ({ id: orderId }), fields: 'number email' },
    { subgraph: 'orders', key: ({ orderNumber }) => ({ number: orderNumber }), fields: 'email shippingAddress { fullName }' },
    { subgraph: 'payments', key: ({ orderId }) => ({ id: orderId }), fields: 'payment { id status }' },
  ],
  Payment: [{ subgraph: 'payments', key: ({ paymentId }) => ({ id: paymentId }), fields: 'status amount { amountMinor }' }],
  Notification: [{ subgraph: 'notifications', key: ({ notificationId }) => ({ id: notificationId }), fields: 'subject body' }],
};
const staffs = ['InventoryItem', 'Warehouse', 'ApiClient'];
const everybodys = ['Product', 'ProductVariant', 'Category'];
const entities = Object.entries(owned).flatMap(([type, found]) => found.map((entity) => ({ type, ...entity })));

const ENTITIES = (type: string, fields: string) =>
  `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type} { ${fields} } } }`;

describe('the door of a subgraph', () => {
  const disposables = new AsyncDisposableStack();
  let shop: TestShop;
  let owner: Somebody;
  let other: Somebody;
  let subgraphs: [string, RunningSubgraph][];
  beforeAll(async () => {
    shop = disposables.use(await startTestShop());
    const staff = await shop.signedIn('staff@shop.example');
    const [sku = ''] = await someSkus(shop, 1);
    owner = await somebody(shop, staff, 'Canarybird', sku);
    other = await somebody(shop, staff, 'Stranger', sku);
    subgraphs = [...shop.shop.subgraphs];
  });
  afterAll(() => disposables.disposeAsync());

  const subgraph = (name: string): RunningSubgraph => {
    const found = shop.shop.subgraphs.get(name);
    if (!found) throw new Error(`There is no subgraph ${name}.`);
    return found;
  };
  const knock = ({ server }: RunningSubgraph, payload: string, envelope?: string) =>
    server.app.inject({
      method: 'POST',
      url: GRAPHQL_PATH,
      headers: { 'content-type': 'application/json', ...(envelope !== undefined && { [ENVELOPE_HEADER]: envelope }) },
      payload,
    });
  const seal = (body: string, { secret = shop.secrets.envelope, atMs = Date.now(), path = GRAPHQL_PATH } = {}) =>
    sealEnvelope({ method: 'POST', path, body }, claimsOf(userViewer(owner.userId, ['orders:read', 'users:read'])), secret, atMs);

  it.each(['{ _service { sdl } }', '{ __typename }', 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }'])(
    'is closed for %s without an envelope, or with a forged, foreign, old or used one',
    async (query) => {
      const body = JSON.stringify({ query, variables: { r: [{ __typename: 'Order', id: owner.ids.orderId }] } });
      const [claims = '', signature = ''] = seal(body).split('.');
      const used = seal(body);
      for (const [name, running] of subgraphs) {
        await knock(running, body, used);
        const envelopes = {
          none: undefined,
          empty: '',
          'of another secret': seal(body, { secret: 'another-secret-of-at-least-32-characters' }),
          'of another body': seal(`${body} `),
          'of another path': seal(body, { path: '/' }),
          old: seal(body, { atMs: Date.now() - ENVELOPE_MAX_AGE_MS - 1_000 }),
          'from the future': seal(body, { atMs: Date.now() + ENVELOPE_MAX_AGE_MS + 1_000 }),
          used,
          'with other claims': `${Buffer.from('{}').toString('base64url')}.${signature}`,
          'without a signature': `${claims}.`,
        };
        for (const [kind, envelope] of Object.entries(envelopes)) {
          const answer = await knock(running, body, envelope);
          expect(answer.statusCode, `${name}: ${kind}`).toBe(401);
          expect(answer.json(), `${name}: ${kind}`).not.toHaveProperty('data');
        }
      }
    },
  );

  it('opens for what the gateway has sealed', async () => {
    const body = JSON.stringify({ query: '{ _service { sdl } }' });
    for (const [name, running] of subgraphs) expect((await knock(running, body, seal(body))).statusCode, name).toBe(200);
  });

  it('lets no mutation and no subscription begin without an envelope', async () => {
    const countCarts = async () => (await shop.sql('cart', 'select count(*) from cart'))[0];
    const before = await countCarts();
    const cart = subgraph('cart');
    expect((await knock(cart, JSON.stringify({ query: 'mutation { createCart { cart { id } } }' }))).statusCode).toBe(401);
    expect(await countCarts()).toEqual(before);
    const following = { query: 'subscription ($id: ID!) { cartChanged(cartId: $id) { id } }', variables: { id: owner.ids.cartId } };
    const begun = cart.server.subscribe(following, JSON.stringify(following), undefined, AbortSignal.timeout(5_000));
    await expect(begun).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  it('the tables here name every entity of the graph', async () => {
    const folder = new URL('../../../schema/subgraphs/', import.meta.url);
    const files = (await readdir(folder)).filter((file) => file.endsWith('.graphql'));
    const resolved = await Promise.all(files.map(async (file) => entitiesOf(file, await readFile(new URL(file, folder), 'utf8'))));
    const known = resolved.flat().filter(({ type }) => ![...staffs, ...everybodys].includes(type));
    expect(known.map(nameOf).toSorted()).toEqual([...new Set(entities.map(nameOf))].toSorted());
  });

  it.each(entities)('$subgraph gives the $type of somebody to nobody else', async ({ type, subgraph: name, key, fields }) => {
    const strangers: Viewer[] = [userViewer(other.userId), anonymous, { kind: 'order-token', orderId: other.ids.orderId }];
    const ask = (viewer: Viewer, ids: Known) =>
      as(subgraph(name), viewer, {}, shop.secrets.envelope)(ENTITIES(type, fields), { r: [{ __typename: type, ...key(ids) }] });
    const missing = { ...nobodys, userId: '0198c000-0000-7000-8000-000000000009' };
    const known = { ...owner.ids, userId: owner.userId };
    for (const stranger of strangers) {
      const answer = await ask(stranger, known);
      expect(answer, stranger.kind).toEqual(await ask(stranger, missing));
      expect(JSON.stringify(answer), stranger.kind).not.toMatch(/canarybird/i);
    }
    const mine = await ask(userViewer(owner.userId), known);
    expect(mine.errors).toBeUndefined();
    expect(mine).not.toEqual(await ask(userViewer(owner.userId), missing));
  });

  it('users shows the API clients of partners to staff only', async () => {
    const users = (viewer: Viewer) => as(subgraph('users'), viewer, {}, shop.secrets.envelope);
    const create =
      'mutation { createApiClient(input: { name: "x", manifest: "x", scopes: [] }) { ... on ApiClientSecret { client { id } } } }';
    const staff = userViewer(undefined, ['users:write']);
    const { client } = secretSchema.parse((await users(staff)(create)).data?.['createApiClient']);
    const variables = { r: [{ __typename: 'ApiClient', id: client.id }] };
    const seen = await users(staff)(ENTITIES('ApiClient', 'name'), variables);
    expect(seen.data?.['_entities']).toEqual([{ name: 'x' }]);
    for (const viewer of [userViewer(), anonymous]) {
      const { data } = await users(viewer)(ENTITIES('ApiClient', 'name'), variables);
      expect(data?.['_entities'] ?? [null], viewer.kind).toEqual([null]);
    }
  });

  it('inventory shows what lies where to staff only', async () => {
    const [sku = ''] = await someSkus(shop, 1);
    const [warehouse] = await shop.sql('inventory', 'select id::text from warehouse');
    const inventory = (viewer: Viewer) => as(subgraph('inventory'), viewer, {}, shop.secrets.envelope);
    const asked: [string, string, Record<string, unknown>][] = [
      ['InventoryItem', 'onHand', { sku }],
      ['Warehouse', 'code', { id: warehouse?.['id'] }],
    ];
    for (const [type, fields, key] of asked) {
      const variables = { r: [{ __typename: type, ...key }] };
      const seen = await inventory(userViewer(undefined, ['stock:read']))(ENTITIES(type, fields), variables);
      expect(seen.data?.['_entities'], type).toEqual([expect.anything()]);
      for (const viewer of [userViewer(), anonymous]) {
        const { data } = await inventory(viewer)(ENTITIES(type, fields), variables);
        expect(data?.['_entities'] ?? [null], `${type} for ${viewer.kind}`).toEqual([null]);
      }
    }
  });
});

const nameOf = ({ type, subgraph }: { type: string; subgraph: string }) => `${subgraph}: ${type}`;

/** The types that a subgraph resolves by a key. */
function entitiesOf(file: string, sdl: string): { type: string; subgraph: string }[] {
  const types = new Set<string>();
  visit(parse(sdl), {
    ObjectTypeDefinition: ({ name, directives = [] }) => {
      const keys = directives.filter((directive) => directive.name.value === 'key');
      const isStub = (key: (typeof keys)[number]) =>
        key.arguments?.some(
          (argument) => argument.name.value === 'resolvable' && argument.value.kind === 'BooleanValue' && !argument.value.value,
        );
      if (keys.some((key) => !isStub(key))) types.add(name.value);
    },
  });
  return [...types].map((type) => ({ type, subgraph: file.replace(/\.graphql$/, '') }));
}
