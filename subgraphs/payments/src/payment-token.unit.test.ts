import { expect, test } from 'vitest';
import { checkPaymentToken, holdsCardNumber } from './payment-token.js';

test('tokens of the provider are usable', () => {
  for (const token of ['pm_card_visa', 'pm_1PqXyzABCDEF0123456789', 'tok-1']) expect(checkPaymentToken(token)).toBe('usable');
});

test('a card number is refused, also spaced, dashed or inside of something else', () => {
  for (const token of ['4242424242424242', '4242 4242 4242 4242', '378282246310005', 'pm_4000-0000-0000-0002', 'x4242424242424242x'])
    expect(checkPaymentToken(token)).toBe('card-number');
});

test('digits that fail the check are no card number', () => {
  expect(holdsCardNumber('4242424242424241')).toBe(false);
  expect(holdsCardNumber('0123456789')).toBe(false);
});

test('anything else is malformed', () => {
  for (const token of ['', 'a b', 'pm/../x', 'x'.repeat(256)]) expect(checkPaymentToken(token)).toBe('malformed');
});
