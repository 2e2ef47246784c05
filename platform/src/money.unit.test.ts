import { describe, expect, it } from 'vitest';
import { add, amount, formatAmount, includedShare, minorUnitDigits, parseDecimal, share, sum, times, zero } from './money.js';

const eur = (minor: number) => amount(minor, 'EUR');

describe('amounts', () => {
  it('add up in one currency only', () => {
    expect(sum([eur(1), eur(2), eur(3)], 'EUR')).toEqual(eur(6));
    expect(times(eur(199), 3)).toEqual(eur(597));
    expect(() => add(eur(1), amount(1, 'USD'))).toThrow('two currencies');
  });

  it('are whole minor units', () => {
    expect(() => amount(1.5, 'EUR')).toThrow(RangeError);
    expect(() => amount(2 ** 60, 'EUR')).toThrow(RangeError);
    expect(zero('JPY')).toEqual({ amountMinor: 0, currency: 'JPY' });
  });

  it('have the digits of their currency', () => {
    expect(['EUR', 'JPY', 'KWD'].map(minorUnitDigits)).toEqual([2, 0, 3]);
    expect([formatAmount(eur(1234), 'en'), formatAmount(amount(500, 'JPY'), 'en'), formatAmount(amount(1234, 'KWD'), 'en')]).toEqual([
      '€12.34',
      '¥500',
      'KWD\u00a01.234',
    ]);
    expect(formatAmount(eur(123456), 'de')).toBe('1.234,56\u00a0€');
    expect(formatAmount(eur(1), 'not a locale')).toBe('€0.01');
  });
});

describe('a share', () => {
  it.each([
    [1000, 1900, 190],
    [1, 5000, 1],
    [-1, 5000, -1],
    [333, 700, 23],
    [0, 1900, 0],
  ])('of %i at %i basis points is %i, half a unit away from zero', (minor, basisPoints, expected) => {
    expect(share(eur(minor), basisPoints).amountMinor).toBe(expected);
  });

  it('contained in a gross amount and the net beside it make up the gross', () => {
    for (let gross = 0; gross < 3000; gross += 7) {
      const tax = includedShare(eur(gross), 1900).amountMinor;
      expect(Math.abs(tax - (gross * 19) / 119)).toBeLessThanOrEqual(0.5);
    }
  });
});

describe('a decimal text', () => {
  it.each([
    ['12.34', 'EUR', 1234],
    ['12', 'EUR', 1200],
    ['12.5', 'EUR', 1250],
    ['12.500', 'EUR', 1250],
    ['500', 'JPY', 500],
    ['1.234', 'KWD', 1234],
    ['-3.10', 'EUR', -310],
  ])('%s in %s is %i minor units', (text, currency, expected) => {
    expect(parseDecimal(text, currency)).toEqual({ amountMinor: expected, currency });
  });

  it.each(['', 'abc', '1,50', '1.234', '1e5', '.5', '9'.repeat(20)])('"%s" is no amount of euros', (text) => {
    expect(parseDecimal(text, 'EUR')).toBeNull();
  });
});
