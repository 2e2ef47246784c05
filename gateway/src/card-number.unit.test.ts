import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { holdsCardNumber, refuseCardNumbers } from './card-number.js';

describe('a text holds a card number', () => {
  it.each([
    '4242424242424242',
    'card:5555555555554444!',
    '4242 4242 4242 4242',
    'x4242-4242-4242-4242'.slice(1),
    '3782 822463 10005',
    '4222222222222',
    '6011000990139424000'.slice(0, 16),
    '30569309025904',
    '3530111333300000',
    '2223003122003222',
    '6200000000000000000',
  ])('when it reads %s', (text) => expect(holdsCardNumber(text)).toBe(true));
  it.each([
    '4242424242424241',
    '123456789012',
    '42424242424242424242',
    '01937b5e-4242-4242-4242-424242424242',
    'pm_card_visa',
    'S-100042',
    '+49 30 1234567',
    '',
  ])('not when it reads %s', (text) => expect(holdsCardNumber(text)).toBe(false));
});

describe('an operation is refused', () => {
  const document = parse('query Q($a: In) { f(a: $a, b: "plain") }');
  it('for a card number however deep in its variables', () => {
    expect(refuseCardNumbers(document, { a: { b: [{ c: '4242424242424242' }] } })?.extensions['code']).toBe('CARD_NUMBER_REFUSED');
  });
  it('for a card number in a literal or a block string', () => {
    expect(refuseCardNumbers(parse('{ f(a: "4242424242424242") }'), {})).not.toBeNull();
    expect(refuseCardNumbers(parse('{ f(a: """ 4242 4242 4242 4242 """) }'), {})).not.toBeNull();
  });
  it('not without one', () => {
    expect(refuseCardNumbers(document, { a: { quantity: 4242, token: 'pm_card_visa' } })).toBeNull();
  });
});
