import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bearerOf, cartOf, guestCart, placeOrder, someSkus } from '../../kit/buyer.js';
import { shopClient } from '../../kit/shop-client.js';
import { shopProcess, type ShopProcess } from '../../kit/shop-process.js';
import { untilBooksCheck } from '../../kit/until.js';

const DATABASES = ['users', 'catalog', 'cart', 'orders', 'payments', 'inventory', 'notifications'];
const PLANTED = { password: 'Planted-passphrase-0xA11CE', wrongPassword: 'Planted-wrong-guess-0xB0B', card: '4242424242424242' };
const REGISTER = `mutation R($i: RegisterUserInput!) { registerUser(input: $i) { ... on AuthSession { accessToken refreshToken } ... on UserError { message } } }`;
const SIGN_IN = `mutation S($email: EmailAddress!, $password: String!) { signIn(email: $email, password: $password) { __typename
  ... on AuthSession { accessToken refreshToken } ... on UserError { message } } }`;
const REFRESH =
  'mutation R($t: String!) { refreshSession(refreshToken: $t) { ... on AuthSession { accessToken refreshToken } ... on UserError { message } } }';
const ADD_ADDRESS = 'mutation A($i: AddAddressInput!) { addAddress(input: $i) { __typename } }';

const session = z.object({ accessToken: z.string(), refreshToken: z.string() });
const email = 'planted@shop.example';

describe('secrets that people send, and those of the shop itself', () => {
  const disposables = new AsyncDisposableStack();
  let shop: ShopProcess;
  /** By what it is. */
  const secrets = new Map<string, string>(Object.entries(PLANTED));
  const answers: unknown[] = [];

  beforeAll(async () => {
    shop = disposables.use(await shopProcess());
    await shop.start({ LOG_LEVEL: 'trace' });
    for (const [name, secret] of Object.entries(
      z.record(z.string(), z.string()).parse(JSON.parse(await readFile(join(shop.folder, 'secrets.json'), 'utf8'))),
    ))
      secrets.set(`the shop's ${name}`, secret);
    await useEverything();
    await untilBooksCheck(shop);
  });
  afterAll(() => disposables.disposeAsync());

  async function useEverything(): Promise<void> {
    const input = { email, password: PLANTED.password, displayName: 'Petra Planted' };
    const registered = session.parse(await shop.guest.get(REGISTER, { i: input }));
    answers.push(await shop.guest.ask(REGISTER, { i: input }));
    answers.push(await shop.guest.ask(SIGN_IN, { email, password: PLANTED.wrongPassword }));
    const signedIn = session.parse(await shop.guest.get(SIGN_IN, { email, password: PLANTED.password }));
    const refreshed = session.parse(await shop.guest.get(REFRESH, { t: signedIn.refreshToken }));
    for (const [name, { accessToken, refreshToken }] of Object.entries({ registered, signedIn, refreshed })) {
      secrets.set(`${name} access token`, accessToken).set(`${name} refresh token`, refreshToken);
      answers.push(
        await shop.guest.ask(`{ me { email } } # ${accessToken}`),
        await shopClient(shop.url, `${accessToken}x`).ask('{ me { email } }'),
      );
    }
    const client = shopClient(shop.url, refreshed.accessToken);
    const address = { fullName: PLANTED.card, line1: PLANTED.card, city: 'Berlin', postalCode: '10115', country: 'DE' };
    answers.push(await client.ask(ADD_ADDRESS, { i: { label: PLANTED.card, address } }));
    const [sku = ''] = await inStock();
    for (const cart of [await cartOf(client).with(sku).ready(), await guestCart(shop).with(sku).ready()]) {
      const order = await placeOrder(cart, { email: 'grete@shop.example' });
      secrets.set(`order token of ${order.number}`, order.orderToken);
      answers.push(await bearerOf(shop, { ...order, orderToken: `${order.orderToken}x` }).ask('{ me { email } }'));
      answers.push(
        await bearerOf(shop, order).ask('query ($id: ID!) { order(id: $id) { status payment { method { last4 } } } }', { id: order.id }),
      );
    }
    answers.push(await client.ask('mutation { signOut }'));
  }

  async function inStock(): Promise<string[]> {
    const skus = await someSkus(shop, 20);
    const known = await shop.sql<{ sku: string }>(
      'inventory',
      'select sku from stock_level where on_hand - reserved > 5 and sku = any($1)',
      [skus],
    );
    return known.map(({ sku }) => sku);
  }

  const findIn = (text: string) => [...secrets].filter(([, secret]) => text.includes(secret)).map(([name]) => name);

  it('are in no line that the shop prints, however much it prints', () => {
    expect(shop.output()).toContain('"level"');
    expect(findIn(shop.output())).toEqual([]);
  });

  it('are in no answer but the one that hands them out', () => {
    expect(answers).not.toHaveLength(0);
    expect(findIn(JSON.stringify(answers))).toEqual([]);
  });

  it.each(DATABASES)('are in no table of %s', async (database) => {
    const tables = await shop.sql<{ name: string }>(
      database,
      `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema')`,
    );
    expect(tables).not.toHaveLength(0);
    for (const { name } of tables) {
      const spellings = [...secrets].flatMap(([what, secret]) => spelled(secret).map((text) => ({ what, text })));
      const found = await shop.sql<{ text: string }>(
        database,
        `select text from unnest($1::text[]) as text where exists (select from ${name} as t where position(text in t::text) > 0)`,
        [spellings.map(({ text }) => text)],
      );
      expect(
        spellings.filter(({ text }) => found.some((row) => row.text === text)).map(({ what }) => what),
        name,
      ).toEqual([]);
    }
  });

  it('are in no file of the card provider', async () => {
    const files = (await readdir(shop.folder)).filter((file) => file.endsWith('.ndjson'));
    expect(files).toEqual(['card-sandbox.ndjson']);
    expect(findIn(await readFile(join(shop.folder, 'card-sandbox.ndjson'), 'utf8'))).toEqual([]);
  });
});

/** As text, and as PostgreSQL shows bytes. */
function spelled(secret: string): string[] {
  return [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')];
}
