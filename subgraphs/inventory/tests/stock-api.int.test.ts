import { graphql } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '@shop/platform/database';
import { newId } from '@shop/platform/ids';
import type { Viewer } from '@shop/platform/viewer';
import { as, claimsOf, dataOf, userViewer } from '@shop/tests/kit/subgraph';
import { inventorySchema } from '../src/subgraph.js';
import { shelf, shelvesThatDoNotAddUp, staff, startTestInventory, type TestInventory } from './inventory.kit.js';

let shop: TestInventory;

beforeAll(async () => {
  shop = await startTestInventory();
});

afterAll(() => shop[Symbol.asyncDispose]());

const ask = (query: string, variables: Record<string, unknown> = {}, viewer: Viewer = staff) =>
  dataOf(as(shop.inventory, viewer)(query, variables));
const codeOf = async (query: string, variables: Record<string, unknown> = {}, viewer?: Viewer) =>
  (await as(shop.inventory, viewer)(query, variables)).errors?.[0]?.extensions?.['code'];

const receive = `mutation ($input: ReceiveStockInput!) { receiveStock(input: $input) {
  __typename ... on InventoryPayload { item { sku onHand reserved available } } ... on UserError { code }
  ... on IdempotencyConflictError { retryable } ... on ValidationError { fields { path } } } }`;
const adjust = `mutation ($input: AdjustStockInput!) { adjustStock(input: $input) {
  __typename ... on InventoryPayload { item { onHand available } } ... on InsufficientStockError { sku available } ... on UserError { code } } }`;
const receipt = (fields: object) => ({
  input: { sku: 'x', warehouseCode: 'BER', quantity: 1, reference: 'delivery', idempotencyKey: newId(), ...fields },
});
const correction = (fields: object) => ({
  input: { sku: 'x', warehouseCode: 'BER', delta: 1, reason: 'found', idempotencyKey: newId(), ...fields },
});

describe('staff', () => {
  it('sees the three warehouses in the order of their use, and what lies there', async () => {
    await shop.receive('seen', 4, 'LYS');
    await shop.receive('seen', 3, 'BER');
    await shop.reserve(newId(), [{ sku: 'seen', quantity: 2 }]);
    expect(
      await ask(`{ warehouses { code country } inventoryItem(sku: "seen") {
        sku onHand reserved available safetyStock levels { warehouse { code name } onHand reserved available } } none: inventoryItem(sku: "none") { sku } }`),
    ).toEqual({
      warehouses: [
        { code: 'BER', country: 'DE' },
        { code: 'LYS', country: 'FR' },
        { code: 'NJE', country: 'US' },
      ],
      inventoryItem: {
        sku: 'seen',
        onHand: 7,
        reserved: 2,
        available: 5,
        safetyStock: 5,
        levels: [
          { warehouse: { code: 'BER', name: 'Berlin' }, onHand: 3, reserved: 2, available: 1 },
          { warehouse: { code: 'LYS', name: 'Lyon' }, onHand: 4, reserved: 0, available: 4 },
        ],
      },
      none: null,
    });
  });

  it('receives goods once for one idempotency key, also when asked 20 times at once', async () => {
    const variables = receipt({ sku: 'once', quantity: 7 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(receive, variables)));
    const expected = { __typename: 'InventoryPayload', item: { sku: 'once', onHand: 7, reserved: 0, available: 7 } };
    expect(answers).toEqual(answers.map(() => ({ receiveStock: expected })));
    expect(await shelf(shop, 'once')).toEqual({ onHand: 7, reserved: 0 });
  });

  it('cannot use a key for another receipt', async () => {
    const variables = receipt({ sku: 'key', quantity: 7 });
    await ask(receive, variables);
    const other = { input: { ...variables.input, quantity: 8 } };
    expect(await ask(receive, other)).toEqual({
      receiveStock: { __typename: 'IdempotencyConflictError', code: 'IDEMPOTENCY_CONFLICT', retryable: false },
    });
  });

  it('hears what is wrong with an input, and may repeat it corrected under the same key', async () => {
    const idempotencyKey = newId();
    expect(await ask(receive, receipt({ quantity: 0, reference: ' ', idempotencyKey }))).toMatchObject({
      receiveStock: { __typename: 'ValidationError', fields: [{ path: ['quantity'] }, { path: ['reference'] }] },
    });
    expect(await ask(receive, receipt({ warehouseCode: 'XXX', idempotencyKey }))).toMatchObject({
      receiveStock: { __typename: 'NotFoundError' },
    });
    expect(await ask(receive, receipt({ sku: 'fixed', idempotencyKey }))).toMatchObject({
      receiveStock: { __typename: 'InventoryPayload' },
    });
  });

  it('corrects stock, but never below what is reserved', async () => {
    await shop.receive('adjusted', 10);
    await shop.reserve(newId(), [{ sku: 'adjusted', quantity: 6 }]);
    const tooMuch = correction({ sku: 'adjusted', delta: -5, reason: 'broken' });
    const refusal = { __typename: 'InsufficientStockError', code: 'INSUFFICIENT_STOCK', sku: 'adjusted', available: 4 };
    expect(await ask(adjust, tooMuch)).toEqual({ adjustStock: refusal });
    expect(await ask(adjust, tooMuch)).toEqual({ adjustStock: refusal });
    expect(await ask(adjust, correction({ sku: 'adjusted', delta: -4 }))).toEqual({
      adjustStock: { __typename: 'InventoryPayload', item: { onHand: 6, available: 0 } },
    });
    expect(await ask(adjust, correction({ sku: 'never-seen' }))).toMatchObject({ adjustStock: { __typename: 'NotFoundError' } });
  });

  it('sets what was counted, once for each reference and never below what is reserved', async () => {
    await shop.receive('counted', 10);
    await shop.reserve(newId(), [{ sku: 'counted', quantity: 6 }]);
    const set = `mutation ($levels: [SetStockInput!]!) { setStock(levels: $levels) }`;
    const level = { sku: 'counted', warehouseCode: 'BER', onHand: 4, reference: 'stocktaking' };
    const levels = [level, { ...level, warehouseCode: 'LYS', onHand: 9 }, { ...level, sku: 'new-one', onHand: 0 }];
    expect(await ask(set, { levels })).toEqual({ setStock: 3 });
    expect(await shelf(shop, 'counted')).toEqual({ onHand: 15, reserved: 6 });
    await shop.receive('counted', 5);
    expect(await ask(set, { levels })).toEqual({ setStock: 0 });
    expect(await shelf(shop, 'counted')).toEqual({ onHand: 20, reserved: 6 });
    expect(await ask(set, { levels: [{ ...level, reference: 'a second one', onHand: 100 }] })).toEqual({ setStock: 1 });
    expect(await shelf(shop, 'counted')).toEqual({ onHand: 109, reserved: 6 });
  });

  it('pages through all positions', async () => {
    const query = `query ($first: Int!, $after: String) { stockPositions(first: $first, after: $after) { sku available version status } }`;
    const { stockPositions: all } = await ask(query, { first: 1000 });
    const { stockPositions: rest } = await ask(query, { first: 1000, after: 'counted' });
    expect(all).toEqual(expect.arrayContaining([{ sku: 'seen', available: 5, version: 4, status: 'LOW_STOCK' }]));
    expect(rest).toEqual((all as { sku: string }[]).slice((all as { sku: string }[]).findIndex(({ sku }) => sku === 'counted') + 1));
    expect(await codeOf(query, { first: 1001 }, staff)).toBe('BAD_USER_INPUT');
  });
});

describe('everybody else', () => {
  const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on ProductVariant { sku availability { status quantity } } ... on Product { id inStock }
    ... on InventoryItem { onHand } ... on Warehouse { code } } }`;

  it('may neither read nor write the stock', async () => {
    for (const query of [`{ warehouses { id } }`, `{ inventoryItem(sku: "x") { sku } }`, `{ stockPositions(first: 1) { sku } }`]) {
      expect(await codeOf(query)).toBe('UNAUTHENTICATED');
      expect(await codeOf(query, {}, userViewer())).toBe('FORBIDDEN');
    }
    const readOnly = userViewer('reader', ['stock:read']);
    expect(await codeOf(receive, receipt({}), readOnly)).toBe('FORBIDDEN');
    expect(await codeOf(adjust, correction({}), readOnly)).toBe('FORBIDDEN');
    expect(await codeOf(`mutation { setStock(levels: []) }`, {}, readOnly)).toBe('FORBIDDEN');
  });

  it('sees the availability of a variant, capped, and whether a product is in stock', async () => {
    await shop.receive('many', 500);
    await shop.receive('few', 3);
    await shop.receive('gone', 1);
    await shop.reserve(newId(), [{ sku: 'gone', quantity: 1 }]);
    const representations = [
      ...['many', 'few', 'gone', 'unknown'].map((sku) => ({ __typename: 'ProductVariant', sku })),
      { __typename: 'Product', id: 'p1', variants: [{ sku: 'gone' }, { sku: 'few' }] },
      { __typename: 'Product', id: 'p2', variants: [{ sku: 'gone' }, { sku: 'unknown' }] },
      { __typename: 'Product', id: 'p3', variants: [] },
    ];
    const expected = [
      { sku: 'many', availability: { status: 'IN_STOCK', quantity: 10 } },
      { sku: 'few', availability: { status: 'LOW_STOCK', quantity: 3 } },
      { sku: 'gone', availability: { status: 'OUT_OF_STOCK', quantity: 0 } },
      { sku: 'unknown', availability: { status: 'UNKNOWN', quantity: null } },
      { id: 'p1', inStock: true },
      { id: 'p2', inStock: false },
      { id: 'p3', inStock: false },
    ];
    expect(await ask(entities, { representations }, userViewer())).toEqual({ _entities: expected });
    expect(await ask(entities, { representations: representations.slice(0, 1) })).toEqual({
      _entities: [{ sku: 'many', availability: { status: 'IN_STOCK', quantity: 500 } }],
    });
  });

  it('cannot reach staff-only entities by their key', async () => {
    const { warehouses } = await ask(`{ warehouses { id } }`);
    const [{ id }] = warehouses as [{ id: string }];
    const representations = [
      { __typename: 'Warehouse', id },
      { __typename: 'Warehouse', id: 'no-uuid' },
      { __typename: 'InventoryItem', sku: 'many' },
    ];
    expect(await ask(entities, { representations }, userViewer())).toEqual({ _entities: [null, null, null] });
    expect(await ask(entities, { representations })).toEqual({ _entities: [{ code: 'BER' }, null, { onHand: 500 }] });
  });

  it('costs one statement for 500 variants and 100 products', async () => {
    const representations = [
      ...Array.from({ length: 500 }, (_, n) => ({ __typename: 'ProductVariant', sku: `bulk-${n}` })),
      ...Array.from({ length: 100 }, (_, n) => ({ __typename: 'Product', id: `p${n}`, variants: [{ sku: `bulk-${n}` }, { sku: 'many' }] })),
    ];
    let statements = 0;
    const rows: Database['rows'] = (...parameters) => {
      statements += 1;
      return shop.db.rows(...parameters);
    };
    const contextValue = { ...claimsOf(userViewer()), db: { ...shop.db, rows } };
    const { schema } = inventorySchema();
    const result = await graphql({ schema, source: entities, variableValues: { representations }, contextValue });
    expect(result.errors).toBeUndefined();
    expect(statements).toBe(1);
  });
});

it('leaves a ledger that adds up', async () => {
  expect(await shelvesThatDoNotAddUp(shop.db)).toEqual([]);
});
