import { expect, test } from 'vitest';
import { passesLuhn } from './luhn.js';

test.each(['4242424242424242', '378282246310005', '79927398713', '0'])('%s ends with its check digit', (digits) => {
  expect(passesLuhn(digits)).toBe(true);
});

test.each(['4242424242424241', '4242424224242424'.replace('22', '23'), '79927398710', '1'])('%s does not', (digits) => {
  expect(passesLuhn(digits)).toBe(false);
});
