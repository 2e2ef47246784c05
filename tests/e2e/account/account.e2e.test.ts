import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cartOf, placeOrder, someSkus, untilStatus } from '../../kit/buyer.js';
import { checkBooks } from '../../kit/ledger.js';
import { shopClient } from '../../kit/shop-client.js';
import { startTestShop } from '../../kit/shop.js';
import { mailsTo } from '../../kit/views.js';

const shop = await startTestShop();
afterAll(() => shop[Symbol.asyncDispose]());
const [chair = ''] = await someSkus(shop);

const SESSION = `__typename ... on AuthSession { accessToken refreshToken user { email displayName roles } } ... on UserError { code }`;
const REGISTER = `mutation Register($input: RegisterUserInput!) { registerUser(input: $input) { ${SESSION} } }`;
const SIGN_IN = `mutation SignIn($email: EmailAddress!, $password: String!) { signIn(email: $email, password: $password) { ${SESSION} } }`;
const REFRESH = `mutation Refresh($token: String!) { refreshSession(refreshToken: $token) { ${SESSION} } }`;
const ADD_ADDRESS = `mutation AddAddress($input: AddAddressInput!) { addAddress(input: $input) { __typename ... on AddressPayload { entry { id label isDefaultShipping } } ... on UserError { code } } }`;
const ME = `{ me { email addresses { label isDefaultShipping address { city } } orders { nodes { status } } cart { lines { sku } } } }`;
const NOTIFICATIONS = `query Notifications($unreadOnly: Boolean) { me { notifications(first: 10, unreadOnly: $unreadOnly) {
  unreadCount nodes { id topic readAt order { status } } } } }`;
const MARK_READ = `mutation Read($id: ID!) { markNotificationRead(id: $id) { __typename ... on NotificationPayload { notification { id readAt } } } }`;

const password = 'correct-horse-battery';
const session = z.object({ __typename: z.literal('AuthSession'), accessToken: z.string(), refreshToken: z.string() });
const inbox = z.object({
  notifications: z.object({
    unreadCount: z.number(),
    nodes: z.array(
      z.object({ id: z.string(), topic: z.string(), readAt: z.string().nullable(), order: z.object({ status: z.string() }).nullable() }),
    ),
  }),
});

async function register(name: string) {
  const answer = await shop.guest.get(REGISTER, { input: { email: `${name}@shop.example`, password, displayName: name } });
  const { accessToken, refreshToken } = session.parse(answer);
  return { client: shopClient(shop.url, accessToken), refreshToken };
}

describe('an account', () => {
  it('is opened once, welcomed by mail, and signed in to by its password only', async () => {
    const input = { email: 'Tina@Shop.Example', password, displayName: 'Tina' };
    expect(await shop.guest.get(REGISTER, { input })).toMatchObject({ user: { displayName: 'Tina', roles: ['customer'] } });
    expect(await shop.guest.get(REGISTER, { input: { ...input, email: 'tina@shop.example' } })).toMatchObject({ code: 'EMAIL_TAKEN' });
    expect(await shop.guest.get(SIGN_IN, { email: 'tina@shop.example', password: 'wrong-password' })).toMatchObject({
      code: 'INVALID_CREDENTIALS',
    });
    expect(await shop.guest.get(SIGN_IN, { email: 'nobody@shop.example', password })).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    session.parse(await shop.guest.get(SIGN_IN, { email: 'tina@shop.example', password }));
    expect((await mailsTo(shop, '@shop.example')).map(({ subject }) => subject)).toEqual(['Welcome to the shop']);
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('keeps addresses, the newest default in the place of the old one', async () => {
    const { client } = await register('ulla');
    const address = { fullName: 'Ulla', line1: 'Markt 1', city: 'Leipzig', postalCode: '04109', country: 'DE' };
    await client.get(ADD_ADDRESS, { input: { label: 'Home', address, defaultShipping: true } });
    await client.get(ADD_ADDRESS, { input: { label: 'Work', address: { ...address, city: 'Halle' }, defaultShipping: true } });
    const refused = await client.get(ADD_ADDRESS, { input: { address: { ...address, line1: ' ' } } });
    expect(refused).toMatchObject({ __typename: 'ValidationError' });
    expect(await client.get(ME)).toMatchObject({
      addresses: expect.arrayContaining([
        { label: 'Home', isDefaultShipping: false, address: { city: 'Leipzig' } },
        { label: 'Work', isDefaultShipping: true, address: { city: 'Halle' } },
      ]),
      orders: { nodes: [] },
      cart: null,
    });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('stays signed in by refreshing until it signs out', async () => {
    const { refreshToken } = await register('vera');
    const second = session.parse(await shop.guest.get(REFRESH, { token: refreshToken }));
    const client = shopClient(shop.url, second.accessToken);
    expect(await client.get(ME)).toMatchObject({ email: 'vera@shop.example' });
    expect(second.refreshToken).not.toBe(refreshToken);
    expect(await client.get('mutation { signOut }')).toBe(true);
    await shop.settle();
    for (const token of [refreshToken, second.refreshToken, 'made-up'])
      expect(await shop.guest.get(REFRESH, { token })).toMatchObject({ __typename: 'InvalidCredentialsError' });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('is told of its orders, and remembers what was read', async () => {
    const { client } = await register('wanda');
    const order = await placeOrder(await cartOf(client).with(chair).ready(), { email: null });
    await untilStatus(client, order.id, 'CONFIRMED');
    await shop.settle();
    const { nodes, unreadCount } = inbox.parse(await client.get(NOTIFICATIONS)).notifications;
    expect(unreadCount).toBe(2);
    expect(nodes.map(({ topic }) => topic)).toEqual(['order-confirmed', 'welcome']);
    const [confirmed] = nodes;
    expect(confirmed).toMatchObject({ readAt: null, order: { status: 'CONFIRMED' } });
    expect(await client.get(MARK_READ, { id: confirmed?.id })).toMatchObject({ notification: { readAt: expect.any(String) } });
    const left = inbox.parse(await client.get(NOTIFICATIONS, { unreadOnly: true })).notifications;
    expect(left).toMatchObject({ unreadCount: 1, nodes: [{ topic: 'welcome' }] });
    const { client: stranger } = await register('xaver');
    expect(await stranger.get(MARK_READ, { id: left.nodes[0]?.id })).toEqual({ __typename: 'NotFoundError' });
    expect(await client.get(ME)).toMatchObject({ orders: { nodes: [{ status: 'CONFIRMED' }] } });
    expect(await checkBooks(shop)).toEqual([]);
  });

  it('gets notifications live', async () => {
    const { client } = await register('yara');
    await shop.settle();
    await using live = client.follow('subscription { notificationReceived { topic } }');
    const next = live.next();
    const order = await placeOrder(await cartOf(client).with(chair).ready(), { email: null });
    await untilStatus(client, order.id, 'CONFIRMED');
    expect((await next).value).toMatchObject({ data: { notificationReceived: { topic: 'order-confirmed' } } });
    expect(await checkBooks(shop)).toEqual([]);
  });
});
