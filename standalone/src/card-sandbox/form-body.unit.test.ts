import { describe, expect, test } from 'vitest';
import { findCardNumber, parseForm } from './form-body.js';
import { params, parseParams, parseSearchQuery } from './request-params.js';

const plain = (text: string): unknown => JSON.parse(JSON.stringify(parseForm(text)));

describe('a form body', () => {
  test('nests bracketed names', () => {
    expect(plain('amount=1&metadata[order_id]=a%20b+c&expand[0]=latest_charge&expand[1]=x')).toEqual({
      amount: '1',
      metadata: { order_id: 'a b c' },
      expand: { 0: 'latest_charge', 1: 'x' },
    });
    expect(plain('constructor[name]=x&toString=y')).toEqual({ constructor: { name: 'x' }, toString: 'y' });
    expect(plain('expand[]=a&expand[]=b')).toEqual({ expand: { 0: 'a', 1: 'b' } });
  });

  test.each(['__proto__[x]=1', 'a[__proto__]=1', 'a[b][c][d][e][f]=1', 'a=1&a[b]=2'])('refuses %s', (text) => {
    expect(() => parseForm(text)).toThrow(/parameter/i);
  });

  test.each(['4242424242424242', '4242 4242 4242 4242', '4242-4242-4242-4242', 'card 378282246310005', '5555555555554444.'])(
    'finds the card number in %s',
    (value) => {
      expect(findCardNumber({ metadata: { note: value } })).toBe('metadata[note]');
    },
  );

  test.each([
    '4242424242424241',
    '1763864400000',
    '42424242-4242-4242-8242-424242424242',
    '00-42424242424242424242424242424242-01',
    'pm_4242424242424242',
  ])('takes %s for no card number', (value) => {
    expect(findCardNumber({ value })).toBeUndefined();
  });
});

describe('parameters', () => {
  test('that are missing or wrong are named', () => {
    expect(parseParams(params.create, parseForm('currency=eur'))).toMatchObject({ code: 'parameter_missing', param: 'amount' });
    expect(parseParams(params.create, parseForm('amount=1.5&currency=eur'))).toMatchObject({ code: 'parameter_invalid', param: 'amount' });
    expect(parseParams(params.create, parseForm('amount=1&currency=eur&return_url=javascript:alert(1)'))).toMatchObject({
      param: 'return_url',
    });
    expect(parseParams(params.listIntents, parseForm('created[gte]=soon'))).toMatchObject({ param: 'created[gte]' });
  });

  test('of a search are metadata clauses joined by AND', () => {
    const query = parseSearchQuery(`metadata['order']:'1' AND metadata["key"]:"b"`);
    expect(query.kind === 'parsed' && [...query.value]).toEqual([
      ['order', '1'],
      ['key', 'b'],
    ]);
    expect(parseSearchQuery("status:'succeeded'")).toMatchObject({ kind: 'refused', param: 'query' });
  });
});
