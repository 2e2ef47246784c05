import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '@shop/platform/ids';
import { as, dataOf } from '@shop/tests/kit/subgraph';
import { startUsersUnderTest, viewerOf } from './users-under-test.js';

let shop: Awaited<ReturnType<typeof startUsersUnderTest>>;
beforeAll(async () => {
  shop = await startUsersUnderTest();
});
afterAll(() => shop[Symbol.asyncDispose]());

const register = () => shop.register(`${newId()}@example.com`);
const revocationsOf = async (userId: string) =>
  (await shop.emitted('users.session-revoked.v1')).filter((event) => event.aggregateId === userId);

test('a refresh gives new tokens for the same session', async () => {
  const first = await register();
  const second = await shop.refresh(first.refreshToken);
  expect(second).toMatchObject({ __typename: 'AuthSession', user: { id: first.user?.id } });
  expect(second.refreshToken).not.toBe(first.refreshToken);
  expect(viewerOf(second).sessionId).toBe(viewerOf(first).sessionId);
  expect(await shop.refresh(second.refreshToken)).toMatchObject({ __typename: 'AuthSession' });
});

test('a token used twice ends the whole family, and everybody hears of it once', async () => {
  const first = await register();
  const second = await shop.refresh(first.refreshToken);
  const third = await shop.refresh(second.refreshToken);
  shop.clock.advance(10_001);
  expect(await shop.refresh(first.refreshToken)).toMatchObject({ __typename: 'TokenReusedError', code: 'TOKEN_REUSED' });
  expect(await shop.refresh(third.refreshToken)).toMatchObject({ __typename: 'InvalidCredentialsError' });
  expect(await shop.refresh(first.refreshToken)).toMatchObject({ __typename: 'TokenReusedError' });
  const { userId, sessionId } = viewerOf(first);
  expect(await revocationsOf(userId)).toMatchObject([{ data: { userId, sessionId } }]);
});

test('another session of the same person goes on', async () => {
  const first = await register();
  const other = await shop.signIn(String(first.user?.['email']));
  await shop.refresh(first.refreshToken);
  shop.clock.advance(10_001);
  await shop.refresh(first.refreshToken);
  expect(await shop.refresh(other.refreshToken)).toMatchObject({ __typename: 'AuthSession' });
});

test('a client that refreshes twenty times at once stays signed in, with every token it got', async () => {
  const first = await register();
  const refreshed = await Promise.all(Array.from({ length: 20 }, () => shop.refresh(first.refreshToken)));
  expect(new Set(refreshed.map((outcome) => outcome.__typename))).toEqual(new Set(['AuthSession']));
  expect(new Set(refreshed.map((outcome) => outcome.refreshToken)).size).toBe(20);
  const next = await Promise.all(refreshed.map((outcome) => shop.refresh(outcome.refreshToken)));
  expect(new Set(next.map((outcome) => outcome.__typename))).toEqual(new Set(['AuthSession']));
  expect(await revocationsOf(viewerOf(first).userId)).toEqual([]);
});

test('a replayed token ends the session once although it is replayed twenty times at once', async () => {
  const first = await register();
  await shop.refresh(first.refreshToken);
  shop.clock.advance(10_001);
  const replays = await Promise.all(Array.from({ length: 20 }, () => shop.refresh(first.refreshToken)));
  expect(new Set(replays.map((outcome) => outcome.__typename))).toEqual(new Set(['TokenReusedError']));
  expect(await revocationsOf(viewerOf(first).userId)).toHaveLength(1);
});

test('the grace time runs from the first exchange, not from the last', async () => {
  const first = await register();
  await shop.refresh(first.refreshToken);
  shop.clock.advance(6_000);
  expect(await shop.refresh(first.refreshToken)).toMatchObject({ __typename: 'AuthSession' });
  shop.clock.advance(6_000);
  expect(await shop.refresh(first.refreshToken)).toMatchObject({ __typename: 'TokenReusedError' });
});

test('after signing out neither the token nor its grace time is worth anything', async () => {
  const first = await register();
  const second = await shop.refresh(first.refreshToken);
  const viewer = viewerOf(first);
  expect(await dataOf(as(shop.users, viewer)('mutation { signOut }'))).toEqual({ signOut: true });
  expect(await dataOf(as(shop.users, viewer)('mutation { signOut }'))).toEqual({ signOut: true });
  expect(await shop.refresh(second.refreshToken)).toMatchObject({ __typename: 'InvalidCredentialsError' });
  expect(await shop.refresh(first.refreshToken)).toMatchObject({ __typename: 'InvalidCredentialsError' });
  expect(await revocationsOf(viewer.userId)).toHaveLength(1);
});

test('nobody signs somebody else out', async () => {
  const [mine, theirs] = [await register(), await register()];
  const mixed = { ...viewerOf(mine), sessionId: viewerOf(theirs).sessionId };
  await dataOf(as(shop.users, mixed)('mutation { signOut }'));
  expect(await shop.refresh(theirs.refreshToken)).toMatchObject({ __typename: 'AuthSession' });
  expect(await dataOf(as(shop.users)('mutation { signOut }'))).toEqual({ signOut: false });
});

test('a made-up token is refused', async () => {
  expect(await shop.refresh('made-up')).toMatchObject({ __typename: 'InvalidCredentialsError' });
});

test('thirty days without a refresh end a session', async () => {
  await using later = await startUsersUnderTest();
  const first = await later.register('ada@example.com');
  later.clock.advance(29 * 86_400_000);
  const second = await later.refresh(first.refreshToken);
  expect(second).toMatchObject({ __typename: 'AuthSession' });
  later.clock.advance(30 * 86_400_000);
  expect(await later.refresh(second.refreshToken)).toMatchObject({ __typename: 'InvalidCredentialsError' });
  later.clock.advance(2 * 86_400_000);
  expect(await later.users.settle()).toBeGreaterThan(0);
  expect(await later.refresh(second.refreshToken)).toMatchObject({ __typename: 'InvalidCredentialsError' });
});
