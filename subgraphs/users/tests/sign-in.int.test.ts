import { argon2Sync } from 'node:crypto';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { PASSWORD, rowsOf, startUsersUnderTest, viewerOf } from './users-under-test.js';

let shop: Awaited<ReturnType<typeof startUsersUnderTest>>;
beforeAll(async () => {
  shop = await startUsersUnderTest();
});
afterAll(() => shop[Symbol.asyncDispose]());

const keySetSchema = z.object({ keys: z.array(z.record(z.string(), z.string())) });

const keySetOf = async ({ users }: Pick<typeof shop, 'users'>) =>
  keySetSchema.parse((await users.server.app.inject({ method: 'GET', url: '/.well-known/jwks.json' })).json<unknown>());

test('the right password opens a session of its own each time', async () => {
  const registered = await shop.register('ada@example.com');
  const outcome = await shop.signIn('ADA@example.com');
  expect(outcome).toMatchObject({ __typename: 'AuthSession', user: { id: registered.user?.id } });
  expect(viewerOf(outcome).sessionId).not.toBe(viewerOf(registered).sessionId);
});

test('a wrong password and an unknown address are answered alike', async () => {
  await shop.register('bob@example.com');
  const wrong = await shop.signIn('bob@example.com', { password: 'not-the-password' });
  expect(wrong).toMatchObject({ __typename: 'InvalidCredentialsError', code: 'INVALID_CREDENTIALS' });
  expect(await shop.signIn('nobody@example.com')).toEqual(wrong);
});

test('an access token is verified with the published key set, which holds no private half', async () => {
  const { accessToken } = await shop.register('carol@example.com');
  const keySet = await keySetOf(shop);
  expect(keySet.keys[0]).toEqual({ kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: expect.any(String), alg: 'EdDSA', use: 'sig' });
  expect(decodeProtectedHeader(accessToken)).toMatchObject({ alg: 'EdDSA', kid: keySet.keys[0]?.['kid'] });
  const options = { issuer: 'users', audience: 'shop', currentDate: shop.clock.now() };
  const { payload } = await jwtVerify(
    accessToken,
    createLocalJWKSet(z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }).parse(keySet)),
    options,
  );
  expect(payload).toMatchObject({ roles: ['customer'], scopes: [] });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600);
});

test('the signing key survives a restart, and processes that start together make only one', async () => {
  await using database = await createTestDatabase();
  await using one = await startUsersUnderTest({ databaseUrl: database.url });
  const first = await keySetOf(one);
  await using again = await startUsersUnderTest({ databaseUrl: database.url });
  expect(await keySetOf(again)).toEqual(first);

  await using empty = await createTestDatabase();
  const together = await Promise.all(Array.from({ length: 3 }, () => startUsersUnderTest({ databaseUrl: empty.url })));
  const kids = (await Promise.all(together.map(keySetOf))).map(({ keys }) => keys.map((key) => key['kid']));
  expect(new Set(kids.map(String)).size).toBe(1);
  expect(kids[0]).toHaveLength(1);
  await Promise.all(together.map((process) => process[Symbol.asyncDispose]()));
});

test('no password and no token is stored as it is', async () => {
  const { refreshToken } = await shop.register('canary@example.com', { password: 'canary-password-17' });
  const tables = ['users', 'session', 'refresh_token', 'sign_in_failure', 'address_budget', 'outbox'];
  const rows = await Promise.all(tables.map((table) => rowsOf(shop.url, `select * from ${table}`)));
  const everything = JSON.stringify(rows);
  expect(everything).toContain('canary@example.com');
  expect(everything).not.toContain('canary-password-17');
  expect(everything).not.toContain(refreshToken);
});

test('a hash with weaker parameters is replaced when its owner signs in', async () => {
  await shop.register('old@example.com');
  await rowsOf(shop.url, `update users set password_hash = $1 where email = 'old@example.com'`, [weakHash()]);
  expect(await shop.signIn('old@example.com')).toMatchObject({ __typename: 'AuthSession' });
  expect(await rowsOf(shop.url, `select password_hash from users where email = 'old@example.com'`)).toEqual([
    { password_hash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/) },
  ]);
  expect(await shop.signIn('old@example.com')).toMatchObject({ __typename: 'AuthSession' });
});

/** The test password, hashed with 1 MiB and one pass. */
function weakHash(): string {
  const nonce = Buffer.from('saltsaltsaltsalt');
  const tag = argon2Sync('argon2id', { message: PASSWORD, nonce, parallelism: 1, tagLength: 32, memory: 1024, passes: 1 });
  const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=1024,t=1,p=1$${text(nonce)}$${text(tag)}`;
}
