import { expect, test } from 'vitest';
import { createTestDatabase } from '@shop/tests/kit/postgres';
import { startUsersUnderTest } from './users-under-test.js';

const wrong = { password: 'not-the-password' };

test('after five failures even the right password has to wait, longer with each further failure', async () => {
  await using shop = await startUsersUnderTest();
  await shop.register('ada@example.com');
  for (let n = 0; n < 5; n++) expect(await shop.signIn('ada@example.com', wrong)).toMatchObject({ __typename: 'InvalidCredentialsError' });
  expect(await shop.signIn('ada@example.com')).toMatchObject({ __typename: 'RateLimitedError', retryAfterSeconds: 10 });
  shop.clock.advance(10_000);
  expect(await shop.signIn('ada@example.com', wrong)).toMatchObject({ __typename: 'InvalidCredentialsError' });
  expect(await shop.signIn('ada@example.com')).toMatchObject({ __typename: 'RateLimitedError', retryAfterSeconds: 20 });
  shop.clock.advance(20_000);
  expect(await shop.signIn('ada@example.com')).toMatchObject({ __typename: 'AuthSession' });
});

test('a success gives the account its attempts back', async () => {
  await using shop = await startUsersUnderTest();
  await shop.register('ada@example.com');
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 4; n++) await shop.signIn('ada@example.com', wrong);
    expect(await shop.signIn('ada@example.com')).toMatchObject({ __typename: 'AuthSession' });
  }
});

test('the account is the same in capitals, from many addresses, and all at once', async () => {
  await using shop = await startUsersUnderTest();
  await shop.register('ada@example.com');
  const guesses = Array.from({ length: 40 }, (_, n) =>
    shop.signIn(n % 2 ? 'ada@example.com' : 'ADA@Example.com', { password: `guess-number-${n}`, from: `198.51.100.${n}` }),
  );
  const kinds = (await Promise.all(guesses)).map((outcome) => outcome.__typename);
  expect(kinds.filter((kind) => kind === 'InvalidCredentialsError')).toHaveLength(5);
  expect(kinds.filter((kind) => kind === 'RateLimitedError')).toHaveLength(35);
});

test('an account that does not exist is throttled like one that does', async () => {
  await using shop = await startUsersUnderTest();
  for (let n = 0; n < 5; n++) await shop.signIn('nobody@example.com', wrong);
  expect(await shop.signIn('nobody@example.com')).toMatchObject({ __typename: 'RateLimitedError', retryAfterSeconds: 10 });
});

test('many rightful sign-ins at once are all let in', async () => {
  await using shop = await startUsersUnderTest();
  await shop.register('ada@example.com');
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => shop.signIn('ada@example.com')));
  expect(new Set(outcomes.map((outcome) => outcome.__typename))).toEqual(new Set(['AuthSession']));
});

test('one network address may try so often a minute, whatever the account; its neighbour may go on', async () => {
  await using shop = await startUsersUnderTest({ signInPerAddressPerMinute: 3 });
  await shop.register('ada@example.com');
  for (let n = 0; n < 3; n++) await shop.signIn(`someone${n}@example.com`, wrong);
  expect(await shop.signIn('ada@example.com')).toMatchObject({ __typename: 'RateLimitedError', retryAfterSeconds: 20 });
  expect(await shop.signIn('ada@example.com', { from: '203.0.113.8' })).toMatchObject({ __typename: 'AuthSession' });
  shop.clock.advance(20_000);
  expect(await shop.signIn('ada@example.com')).toMatchObject({ __typename: 'AuthSession' });
});

test('a restart forgives nothing', async () => {
  await using database = await createTestDatabase();
  {
    await using before = await startUsersUnderTest({ databaseUrl: database.url });
    for (let n = 0; n < 5; n++) await before.signIn('ada@example.com', wrong);
  }
  await using after = await startUsersUnderTest({ databaseUrl: database.url });
  expect(await after.signIn('ada@example.com')).toMatchObject({ __typename: 'RateLimitedError' });
});

test('failures are forgotten after a day, and leave no row', async () => {
  await using shop = await startUsersUnderTest();
  for (let n = 0; n < 5; n++) await shop.signIn('nobody@example.com', wrong);
  shop.clock.advance(86_401_000);
  expect(await shop.users.settle()).toBeGreaterThanOrEqual(2);
  for (let n = 0; n < 5; n++) expect(await shop.signIn('nobody@example.com')).toMatchObject({ __typename: 'InvalidCredentialsError' });
});
