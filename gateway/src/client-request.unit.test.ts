import { expect, it } from 'vitest';
import { preferredLocale } from './client-request.js';

it.each([
  ['de-CH,de;q=0.9,en;q=0.8', 'de-CH'],
  ['EN-us', 'en-US'],
  ['*', 'en'],
  ['not a language', 'en'],
  ['', 'en'],
  [undefined, 'en'],
])('Accept-Language %s is answered in %s', (header, locale) => {
  expect(preferredLocale(header)).toBe(locale);
  expect(preferredLocale(header)).toBe(locale);
});
