import { beforeAll, afterAll, expect, test } from 'vitest';
import { as, dataOf } from '@shop/tests/kit/subgraph';
import { startUsersUnderTest, viewerOf } from './users-under-test.js';

let shop: Awaited<ReturnType<typeof startUsersUnderTest>>;
beforeAll(async () => {
  shop = await startUsersUnderTest();
});
afterAll(() => shop[Symbol.asyncDispose]());

test('a new person is signed in at once, may be no more than a customer, and is welcomed', async () => {
  const outcome = await shop.register('Ada@Example.com');
  expect(outcome).toMatchObject({
    __typename: 'AuthSession',
    accessTokenExpiresAt: '2026-03-01T12:10:00.000Z',
    user: {
      email: 'ada@example.com',
      displayName: 'Ada Lovelace',
      locale: 'en',
      roles: ['customer'],
      addresses: [],
      createdAt: '2026-03-01T12:00:00.000Z',
    },
  });
  expect(await dataOf(as(shop.users, viewerOf(outcome))('{ me { id email } }'))).toEqual({
    me: { id: outcome.user?.id, email: 'ada@example.com' },
  });
  expect(await shop.emitted('users.user-registered.v1')).toMatchObject([
    {
      aggregateId: outcome.user?.id,
      data: { userId: outcome.user?.id, email: 'ada@example.com', displayName: 'Ada Lovelace', locale: 'en' },
    },
  ]);
});

test('an e-mail address in another spelling is still taken', async () => {
  await shop.register('grace@example.com');
  expect(await shop.register('GRACE@example.COM')).toMatchObject({ __typename: 'EmailTakenError', code: 'EMAIL_TAKEN' });
});

test('of twenty registrations of one address at once exactly one succeeds', async () => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => shop.register('race@example.com')));
  const kinds = outcomes.map((outcome) => outcome.__typename).toSorted();
  expect(kinds).toEqual(['AuthSession', ...Array<string>(19).fill('EmailTakenError')]);
  const welcomes = await shop.emitted('users.user-registered.v1');
  expect(welcomes.filter(({ data }) => JSON.stringify(data).includes('"race@'))).toHaveLength(1);
});

test('a short and an endless password are refused by name', async () => {
  for (const password of ['nine-char', 'x'.repeat(201)])
    expect(await shop.register('short@example.com', { password })).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['password'] }],
    });
  expect(await shop.signIn('short@example.com')).toMatchObject({ __typename: 'InvalidCredentialsError' });
});

test('a name of several lines, which a mail would carry in its head, is refused', async () => {
  const mutation = `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { ... on ValidationError { fields { path } } } }`;
  const input = { email: 'lines@example.com', password: 'long enough!', displayName: 'Ann\r\nBcc: all@example.com' };
  expect(await as(shop.users)(mutation, { input })).toMatchObject({ data: { registerUser: { fields: [{ path: ['displayName'] }] } } });
});

test('what is no e-mail address does not reach the accounts', async () => {
  const { errors } = await as(shop.users)(
    `mutation { registerUser(input: { email: "no", password: "long enough!", displayName: "x" }) { __typename } }`,
  );
  expect(errors?.[0]?.extensions).toMatchObject({ code: expect.stringMatching(/BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED/) });
});

test('one network address may register so many people a minute', async () => {
  await using strict = await startUsersUnderTest({ registerPerAddressPerMinute: 2 });
  await strict.register('a@example.com');
  await strict.register('b@example.com');
  expect(await strict.register('c@example.com')).toMatchObject({ __typename: 'RateLimitedError', retryAfterSeconds: 30 });
  expect(await strict.register('c@example.com', { from: '203.0.113.8' })).toMatchObject({ __typename: 'AuthSession' });
  strict.clock.advance(30_000);
  expect(await strict.register('d@example.com')).toMatchObject({ __typename: 'AuthSession' });
});
