import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { hashApiKey, isApiKey } from '@shop/platform/api-key';
import type { Viewer } from '@shop/platform/viewer';
import { as, dataOf, userViewer } from '@shop/tests/kit/subgraph';
import { rowsOf, startUsersUnderTest } from './users-under-test.js';

let shop: Awaited<ReturnType<typeof startUsersUnderTest>>;
beforeAll(async () => {
  shop = await startUsersUnderTest();
});
afterAll(() => shop[Symbol.asyncDispose]());

const admin = userViewer(undefined, ['users:read', 'users:write', 'orders:read', 'stock:read'], ['admin']);
const gateway: Viewer = { kind: 'service', name: 'gateway', scopes: ['api-keys:verify'] };

const fields = `__typename
  ... on ApiClientSecret { apiKey client { id name keyPrefix scopes manifest mode requestsPerMinute costPerMinute createdAt revokedAt } }
  ... on ValidationError { fields { path message } } ... on UserError { code }`;

const issuedSchema = z.object({
  apiKey: z.string(),
  client: z.looseObject({ id: z.string(), keyPrefix: z.string() }),
});

const create = async (input: object, viewer = admin) =>
  (
    await dataOf(
      as(shop.users, viewer)(`mutation ($input: CreateApiClientInput!) { createApiClient(input: $input) { ${fields} } }`, { input }),
    )
  )['createApiClient'];
const issued = async (input: object = {}) =>
  issuedSchema.parse(await create({ name: 'Marketplace', scopes: ['stock:read'], manifest: 'marketplace', ...input }));
const rotate = async (id: string, overlapSeconds?: number) =>
  (
    await dataOf(
      as(shop.users, admin)(`mutation ($id: ID!, $seconds: Int) { rotateApiClientKey(id: $id, overlapSeconds: $seconds) { ${fields} } }`, {
        id,
        seconds: overlapSeconds ?? 0,
      }),
    )
  )['rotateApiClientKey'];
const revoke = async (id: string) =>
  (await dataOf(as(shop.users, admin)('mutation ($id: ID!) { revokeApiClient(id: $id) }', { id })))['revokeApiClient'];
const whose = async (apiKey: string) =>
  (
    await dataOf(
      as(shop.users, gateway)('query ($hash: String!) { apiClientOfKey(keyHash: $hash) { id scopes mode } }', { hash: hashApiKey(apiKey) }),
    )
  )['apiClientOfKey'];

test('a new client has the contract’s defaults, and its key is stored nowhere', async () => {
  const { apiKey, client } = await issued();
  expect(isApiKey(apiKey)).toBe(true);
  expect(client).toMatchObject({
    name: 'Marketplace',
    scopes: ['stock:read'],
    manifest: 'marketplace',
    mode: 'ID_ONLY',
    requestsPerMinute: 600,
    costPerMinute: 60_000,
    revokedAt: null,
  });
  expect(apiKey.startsWith(client.keyPrefix)).toBe(true);
  const rows = JSON.stringify(await rowsOf(shop.url, 'select * from api_client'));
  expect(rows).toContain(hashApiKey(apiKey));
  expect(rows).not.toContain(apiKey);
  expect(await whose(apiKey)).toEqual({ id: client.id, scopes: ['stock:read'], mode: 'ID_ONLY' });
});

test('nobody but an administrator makes or sees clients, and only a gateway asks whose a key is', async () => {
  const staff = as(shop.users, userViewer(undefined, ['users:read'], ['staff-orders']));
  for (const text of [
    '{ apiClients { id } }',
    'mutation { revokeApiClient(id: "00000000-0000-7000-8000-000000000000") }',
    'mutation { rotateApiClientKey(id: "1") { __typename } }',
    'mutation { createApiClient(input: { name: "x", scopes: [], manifest: "x" }) { __typename } }',
    '{ apiClientOfKey(keyHash: "x") { id } }',
  ])
    expect(await staff(text)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  expect(await as(shop.users, admin)('{ apiClientOfKey(keyHash: "x") { id } }')).toMatchObject({
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  });
});

test('a client gets no scope that its maker lacks, none over people, and no unknown one', async () => {
  for (const scopes of [['payments:write'], ['users:write'], ['shop:own']])
    expect(await create({ name: 'Greedy', scopes, manifest: 'greedy' })).toMatchObject({ __typename: 'ValidationError' });
  expect(await create({ name: ' ', scopes: [], manifest: '../etc' })).toMatchObject({
    fields: [{ path: ['name'] }, { path: ['manifest'] }],
  });
});

test('a rotated key ends at once, or goes on for the overlap that was asked for and no longer', async () => {
  const { apiKey: first, client } = await issued();
  const { apiKey: second } = issuedSchema.parse(await rotate(client.id));
  expect([await whose(first), await whose(second)]).toEqual([null, expect.objectContaining({ id: client.id })]);

  const { apiKey: third } = issuedSchema.parse(await rotate(client.id, 60));
  expect([await whose(second), await whose(third)]).toMatchObject([{ id: client.id }, { id: client.id }]);
  shop.clock.advance(60_000);
  expect([await whose(second), await whose(third)]).toEqual([null, expect.objectContaining({ id: client.id })]);
  expect(await rotate(client.id, 8 * 86_400)).toMatchObject({ __typename: 'ValidationError', fields: [{ path: ['overlapSeconds'] }] });
});

test('revoking ends every key for good, says whether there was one, and is told to whoever remembers keys', async () => {
  const { apiKey: first, client } = await issued();
  const { apiKey: second } = issuedSchema.parse(await rotate(client.id, 3_600));
  expect([await revoke(client.id), await revoke(client.id), await revoke('nobody')]).toEqual([true, false, false]);
  expect([await whose(first), await whose(second)]).toEqual([null, null]);
  expect(await rotate(client.id)).toMatchObject({ __typename: 'NotFoundError' });
  const told = (await shop.emitted('users.api-client-changed.v1')).filter(({ aggregateId }) => aggregateId === client.id);
  expect(told.map(({ data }) => data)).toEqual([
    { clientId: client.id, isRevoked: false },
    { clientId: client.id, isRevoked: true },
  ]);
});

test('clients are listed newest first, revoked ones too, without a way to their keys', async () => {
  const { client } = await issued({ name: 'Newest' });
  shop.clock.advance(1_000);
  const { client: gone } = await issued({ name: 'Gone' });
  await revoke(gone.id);
  const { apiClients } = await dataOf(as(shop.users, admin)('{ apiClients { id name revokedAt } }'));
  expect(z.array(z.unknown()).parse(apiClients).slice(0, 2)).toEqual([
    { id: gone.id, name: 'Gone', revokedAt: expect.any(String) },
    { id: client.id, name: 'Newest', revokedAt: null },
  ]);
});
