import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '@shop/platform/ids';
import { anonymous, type Viewer } from '@shop/platform/viewer';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { as, dataOf, userViewer } from '@shop/tests/kit/subgraph';
import { usersSchema } from '@shop/users';
import { seedUsers, type SeedUser } from '@shop/users/seed';
import { openUsersDatabase } from '../src/users-database.js';
import { startUsersUnderTest, viewerOf } from './users-under-test.js';

let shop: Awaited<ReturnType<typeof startUsersUnderTest>>;
beforeAll(async () => {
  shop = await startUsersUnderTest();
});
afterAll(() => shop[Symbol.asyncDispose]());

const register = async () => viewerOf(await shop.register(`${newId()}@example.com`));

const entities = async (viewer: Viewer, ids: string[]) => {
  const representations = ids.map((id) => ({ __typename: 'User', id }));
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id addresses { id } } } }`;
  return (await dataOf(as(shop.users, viewer)(query, { r: representations })))['_entities'];
};

const address = { fullName: ' Ada Lovelace ', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' };

const add = async (viewer: Viewer, input: Record<string, unknown>) =>
  (
    await dataOf(
      as(shop.users, viewer)(
        `mutation ($input: AddAddressInput!) { addAddress(input: $input) { __typename
           ... on AddressPayload { entry { label isDefaultShipping isDefaultBilling address { fullName line2 postalCode country } } }
           ... on ValidationError { fields { path } } } }`,
        { input },
      ),
    )
  )['addAddress'];

const addressesOf = async (viewer: Viewer) =>
  await dataOf(as(shop.users, viewer)('{ me { addresses { label isDefaultShipping isDefaultBilling } } }'));

test('by reference a person is there for themselves and for staff, and missing for everybody else', async () => {
  const [me, other] = [await register(), await register()];
  const ids = [me.userId, other.userId, newId(), 'no-uuid'];
  expect(await entities(me, ids)).toMatchObject([{ id: me.userId }, null, null, null]);
  expect(await entities(userViewer(newId(), ['users:read']), ids)).toMatchObject([{ id: me.userId }, { id: other.userId }, null, null]);
  expect(await entities({ kind: 'service', name: 'notifications', scopes: [] }, ids)).toEqual([null, null, null, null]);
  expect(await entities({ kind: 'order-token', orderId: newId() }, ids)).toEqual([null, null, null, null]);
  expect(await entities(anonymous, ids)).toEqual([null, null, null, null]);
});

test('me is nobody without a session, and nobody when the account is gone', async () => {
  expect(await dataOf(as(shop.users)('{ me { id } }'))).toEqual({ me: null });
  expect(await dataOf(as(shop.users, userViewer())('{ me { id } }'))).toEqual({ me: null });
});

test('an address is stored trimmed, and a new default takes the place of the old one', async () => {
  const me = await register();
  expect(await add(me, { label: 'home', address, defaultShipping: true, defaultBilling: true })).toEqual({
    __typename: 'AddressPayload',
    entry: {
      label: 'home',
      isDefaultShipping: true,
      isDefaultBilling: true,
      address: { fullName: 'Ada Lovelace', line2: null, postalCode: 'SW1Y 4JH', country: 'GB' },
    },
  });
  await add(me, { label: 'office', address, defaultShipping: true });
  expect(await addressesOf(me)).toEqual({
    me: {
      addresses: [
        { label: 'home', isDefaultShipping: false, isDefaultBilling: true },
        { label: 'office', isDefaultShipping: true, isDefaultBilling: false },
      ],
    },
  });
});

test('defaults that are set at once leave exactly one', async () => {
  const me = await register();
  await Promise.all(Array.from({ length: 10 }, (_, n) => add(me, { label: `${n}`, address, defaultShipping: true })));
  expect(JSON.stringify(await addressesOf(me)).match(/"isDefaultShipping":true/g)).toHaveLength(1);
});

test('a useless address is refused with the path of each fault', async () => {
  const me = await register();
  expect(await add(me, { address: { ...address, line1: '  ', postalCode: '%%', phone: 'call me' } })).toEqual({
    __typename: 'ValidationError',
    fields: [{ path: ['address', 'line1'] }, { path: ['address', 'postalCode'] }, { path: ['address', 'phone'] }],
  });
});

test('an address that a cart takes fits into the book, and a line of it is one line', async () => {
  const me = await register();
  const long = { ...address, line1: 'x'.repeat(200), postalCode: '12345678901234567890' };
  expect(await add(me, { address: long })).toMatchObject({ __typename: 'AddressPayload' });
  expect(await add(me, { label: 'my\thome', address: { ...address, city: 'Lon\ndon' } })).toEqual({
    __typename: 'ValidationError',
    fields: [{ path: ['label'] }, { path: ['address', 'city'] }],
  });
});

test('an address book holds fifty entries, also when the last ones come at once', async () => {
  const me = await register();
  const outcomes = await Promise.all(Array.from({ length: 53 }, () => add(me, { address })));
  expect(outcomes.filter((outcome) => JSON.stringify(outcome).includes('AddressPayload'))).toHaveLength(50);
});

test('an address book needs a session', async () => {
  const { errors } = await as(shop.users)('mutation ($input: AddAddressInput!) { addAddress(input: $input) { __typename } }', {
    input: { address },
  });
  expect(errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
});

test('sample people can sign in, keep their addresses, and are not doubled by a second start', async () => {
  await using database = await createTestDatabase();
  const people = Array.from({ length: 200 }, (_, n) => samplePerson(n));
  await seedUsers(database.url, people);
  await seedUsers(database.url, people);
  await using seeded = await startUsersUnderTest({ databaseUrl: database.url });
  const outcome = await seeded.signIn('Person7@example.com', { password: 'demo-shop-password' });
  expect(outcome).toMatchObject({
    __typename: 'AuthSession',
    user: { id: people[7]?.id, locale: 'de', addresses: [{ id: people[7]?.addresses[0]?.id }] },
  });
  const admin = await seeded.signIn('person0@example.com', { password: 'demo-shop-password' });
  expect(viewerOf(admin).scopes).toContain('users:write');
});

test('the schema names its entity by id', () => {
  expect(usersSchema().sdl).toContain('type User @key(fields: "id")');
});

test('the migrations make what the entities expect', async () => {
  await using database = await createTestDatabase();
  await using db = await openUsersDatabase(database.url);
  await db.migrate();
  const differences = (await db.orm.schema.getUpdateSchemaSQL({ safe: true })).split('\n').filter((line) => line.length > 0);
  // Constraints, partial indexes and defaults are the database's own; the entities need not know them.
  expect(differences.filter((line) => !/^set names|drop (constraint|index|default)/.test(line))).toEqual([]);
});

function samplePerson(n: number): SeedUser {
  return {
    id: newId(),
    email: `Person${n}@example.com`,
    displayName: `Person ${n}`,
    locale: 'de',
    roles: n === 0 ? ['admin'] : ['customer'],
    password: 'demo-shop-password',
    createdAt: new Date('2026-01-01T00:00:00Z'),
    addresses: [
      {
        id: newId(),
        label: null,
        address: { ...address, company: null, line2: null, region: null, phone: null },
        isDefaultShipping: true,
        isDefaultBilling: true,
      },
    ],
  };
}
