import { readFile } from 'node:fs/promises';
import {
  buildSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
  isScalarType,
  isUnionType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ShopClient } from '../../kit/shop-client.js';
import { startTestShop, type TestShop } from '../../kit/shop.js';

/** What cards look like when people write them. */
const CARDS = ['4242424242424242', '5555 5555 5555 4444', '3782-822463-10005'];
const SPELT = new Set(['String', 'ID', 'EmailAddress']);

describe('a card number', () => {
  const disposables = new AsyncDisposableStack();
  let shop: TestShop;
  let schema: GraphQLSchema;
  let clients: ShopClient[];
  beforeAll(async () => {
    shop = disposables.use(await startTestShop());
    schema = buildSchema(await readFile(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'));
    clients = [shop.guest, await shop.signedIn('customer@shop.example'), await shop.signedIn('admin@shop.example')];
  });
  afterAll(() => disposables.disposeAsync());

  const rootFields = () =>
    [schema.getMutationType(), schema.getQueryType()].flatMap((type) =>
      Object.values(type?.getFields() ?? {}).map((field) => ({ kind: type === schema.getMutationType() ? 'mutation' : 'query', field })),
    );

  // A value need not be complete: what is refused here never comes to be checked against the types.
  it('is refused in every text of every query and mutation, and not said again', async () => {
    const places = rootFields().flatMap(({ kind, field }) =>
      field.args.flatMap((argument) => textsIn(argument.type).map((wrap) => ({ kind, field, argument: argument.name, wrap }))),
    );
    expect(places.length).toBeGreaterThan(80);
    for (const [index, { kind, field, argument, wrap }] of places.entries()) {
      const card = CARDS[index % CARDS.length] ?? '';
      const type = getNamedType(field.args.find(({ name }) => name === argument)?.type);
      const value = wrap(type?.name === 'EmailAddress' ? `${card.replaceAll(/[ -]/g, '')}@shop.example` : card);
      const client = clients[index % clients.length] ?? shop.guest;
      const answer = await client.ask(operationOf(kind, field), { [argument]: value });
      expect(answer, `${field.name}(${argument}: ${JSON.stringify(value)})`).toMatchObject({
        status: 400,
        errors: [{ extensions: { code: 'CARD_NUMBER_REFUSED' } }],
      });
      expect(answer.data ?? null).toBeNull();
      expect(JSON.stringify(answer)).not.toContain(card);
    }
  });

  it('is refused as a literal and over a WebSocket as well', async () => {
    const literal = `mutation { signIn(email: "a@shop.example", password: "${CARDS[0]}") { __typename } }`;
    expect(await shop.guest.ask(literal)).toMatchObject({ errors: [{ extensions: { code: 'CARD_NUMBER_REFUSED' } }] });
    await using stream = shop.guest.follow('subscription S($skus: [String!]!) { stockChanged(skus: $skus) { sku } }', { skus: [CARDS[0]] });
    await expect(stream.next()).rejects.toMatchObject([{ extensions: { code: 'CARD_NUMBER_REFUSED' } }]);
  });
});

/** One function for every text within a value of this type: it gives the smallest value that holds the given text there. */
function textsIn(given: GraphQLInputType): ((text: string) => unknown)[] {
  const type = getNullableType(given);
  if (isListType(type)) return textsIn(type.ofType).map((wrap) => (text) => [wrap(text)]);
  if (isScalarType(type)) return SPELT.has(type.name) ? [(text) => text] : [];
  if (!isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    textsIn(field.type).map((wrap) => (text: string) => ({ [field.name]: wrap(text) })),
  );
}

function operationOf(kind: string, { name, args, type }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type);
  const declared = args.map((argument) => `$${argument.name}: ${String(argument.type)}`);
  const passed = args.map((argument) => `${argument.name}: $${argument.name}`);
  const selection = isObjectType(named) || isUnionType(named) ? ' { __typename }' : '';
  return `${kind} (${declared.join(', ')}) { ${name}(${passed.join(', ')})${selection} }`;
}
