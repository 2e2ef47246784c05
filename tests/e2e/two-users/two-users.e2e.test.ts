import { readFile } from 'node:fs/promises';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearerOf, cartOf, placeOrder, someSkus } from '../../kit/buyer.js';
import { shopClient, type Answer, type ShopClient } from '../../kit/shop-client.js';
import { startTestShop, type TestShop } from '../../kit/shop.js';
import { nobodys, operations, type Ids, type Operation } from './api-operations.js';
import { passwordOf, somebody, type Somebody } from './somebody.js';

const probes = Object.entries(operations).flatMap(([field, found]) => [found].flat().map((operation) => ({ field, operation })));
const withRule = (...rules: Operation['rule'][]) => probes.filter(({ operation }) => rules.includes(operation.rule));
const isSubscription = ({ field }: { field: string }) => field.startsWith('Subscription.');

describe('of two users and a guest', () => {
  const disposables = new AsyncDisposableStack();
  let shop: TestShop;
  let staff: ShopClient;
  let owner: Somebody;
  let other: Somebody;
  /** What strangers know of the owner. */
  let leaked: Ids;
  let strangers: [string, ShopClient][];
  let sku: string;

  beforeAll(async () => {
    shop = disposables.use(await startTestShop());
    staff = await shop.signedIn('staff@shop.example');
    [sku = ''] = await someSkus(shop, 1);
    owner = await somebody(shop, staff, 'Canarybird', sku);
    other = await somebody(shop, staff, 'Stranger', sku);
    leaked = { ...owner.ids, orderToken: forged(other.ids.orderToken, owner.ids.orderId), refreshToken: 'guessed' };
    strangers = [
      ['another user', other.client],
      ['a guest', shop.guest],
      ['the holder of a token of another order', bearerOf(shop, other.orders[0])],
      ['the holder of a token of an older order', bearerOf(shop, owner.orders[1])],
    ];
  });
  afterAll(() => disposables.disposeAsync());

  /** The first answer, also of a subscription. */
  const answerOf = async (client: ShopClient, { text, variables }: Operation, ids: Ids): Promise<Answer> => {
    if (!text.startsWith('subscription')) return client.ask(text, variables?.(ids));
    await using events = client.follow(text, variables?.(ids));
    return (await events.next()).value;
  };
  const leaksIn = (answer: Answer, isOldOrderTheirs = false) => {
    const text = JSON.stringify(answer).toLowerCase();
    const [order, older] = owner.orders;
    const secrets = isOldOrderTheirs ? [order.number] : ['canarybird', order.number, older.number];
    return secrets.filter((secret) => text.includes(secret.toLowerCase()));
  };
  const everythingOf = async ({ client, ids }: Somebody) =>
    Promise.all(
      withRule('owned', 'own')
        .filter(({ field }) => field.startsWith('Query.'))
        .map(({ operation }) => answerOf(client, operation, ids)),
    );

  it('the table of operations names every root field of the API', async () => {
    const schema = buildSchema(await readFile(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'));
    const fields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}).map((name) => `${type?.name}.${name}`),
    );
    expect(Object.keys(operations).toSorted()).toEqual(fields.toSorted());
  });

  it.each(withRule('owned', 'alike'))('nobody else learns or changes anything by $field', async ({ operation }) => {
    const before = await everythingOf(owner);
    for (const [who, stranger] of strangers) {
      const answer = await answerOf(stranger, operation, leaked);
      expect(answer, who).toEqual(await answerOf(stranger, operation, nobodys));
      expect(leaksIn(answer), who).toEqual([]);
    }
    expect(await everythingOf(owner)).toEqual(before);
  });

  it.each(withRule('staff'))('$field is refused to everybody but staff', async ({ operation }) => {
    for (const [who, client] of [...strangers, ['the owner', owner.client] as const]) {
      const answer = await answerOf(client, operation, leaked);
      expect(
        Object.values(answer.data ?? {}).filter((value) => value !== null),
        who,
      ).toEqual([]);
      expect(['FORBIDDEN', 'UNAUTHENTICATED'], who).toContain(answer.errors?.[0]?.extensions?.code);
      expect(answer, who).toEqual(await answerOf(client, operation, nobodys));
    }
  });

  it.each(withRule('public', 'own').filter((probe) => !isSubscription(probe)))(
    '$field shows nothing of somebody else',
    async ({ operation }) => {
      for (const [who, stranger] of strangers) expect(leaksIn(await answerOf(stranger, operation, leaked)), who).toEqual([]);
    },
  );

  it('the token of one order opens that order, and nothing else of the person', async () => {
    const [order, older] = owner.orders;
    const found = probes.find(({ field }) => field === 'Query.order')?.operation;
    const answer = await answerOf(bearerOf(shop, older), { rule: 'owned', text: '', ...found }, { ...nobodys, orderId: older.id });
    expect(answer.data).toMatchObject({ order: { number: older.number, email: owner.ids.email } });
    expect(leaksIn(answer, true), order.number).toEqual([]);
    expect(JSON.stringify(answer)).not.toContain(owner.ids.cartId);
    expect(JSON.stringify(answer)).not.toContain(owner.ids.notificationId);
  });

  it('staff sees an order, but neither the cart nor the notifications of its buyer', async () => {
    const text = 'query ($id: ID!) { order(id: $id) { email customer { email cart { id } notifications { nodes { id } } } } }';
    const { data } = await staff.ask(text, { id: owner.ids.orderId });
    expect(data).toEqual({ order: { email: owner.ids.email, customer: { email: owner.ids.email, cart: null, notifications: null } } });
  });

  it('what is meant for other subgraphs is no part of the API', async () => {
    for (const text of [
      '{ _service { sdl } }',
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
      'query ($id: ID!) { cartQuote(cartId: $id) { cartId } }',
      '{ stockPositions(first: 1) { sku } }',
      '{ variantsBySku(skus: ["X"]) { sku } }',
    ]) {
      const { data, errors } = await shop.guest.ask(text, { id: owner.ids.cartId, r: [{ __typename: 'Order', id: owner.ids.orderId }] });
      expect(data ?? null, text).toBeNull();
      expect(errors?.[0]?.extensions?.code, text).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });

  // These two come last: they use up what the owner has.
  it.each(withRule('owned'))('the owner, unlike them, gets something by $field', async ({ operation }) => {
    const answer = await answerOf(owner.client, operation, owner.ids);
    expect(answer.errors).toBeUndefined();
    expect(answer).not.toEqual(await answerOf(owner.client, operation, nobodys));
    expect(JSON.stringify(answer)).not.toContain('NotFoundError');
  });

  it('a person hears of their own notifications only, and a guest of none', async () => {
    const text = 'subscription { notificationReceived { subject body order { number } } }';
    await using refused = shop.guest.follow(text);
    expect((await refused.next()).value).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    // A new session: the probes have ended the first one.
    const client = shopClient(shop.url, await shop.guest.signIn(other.ids.email, passwordOf('Stranger')));
    await using heard = client.follow(text);
    const first = heard.next();
    await buy(owner);
    await shop.settle();
    const { number } = await buy({ ...other, client });
    const { value } = await first;
    expect(value).toMatchObject({ data: { notificationReceived: { order: { number } } } });
    expect(leaksIn(value)).toEqual([]);
  });

  async function buy({ client }: Somebody) {
    return placeOrder(await cartOf(client).with(sku).ready(), { email: null });
  }
});

/** A token of one order, made to name another one: its signature is no longer of its content. */
function forged(orderToken: string, orderId: string): string {
  const [header, payload = '', signature] = orderToken.split('.');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const changed = Buffer.from(JSON.stringify({ ...(claims as object), order: orderId })).toString('base64url');
  return [header, changed, signature].join('.');
}
