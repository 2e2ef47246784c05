import { expect, test } from 'vitest';
import { apiKeyPrefix, hashApiKey, isApiKey, newApiKey } from './api-key.js';

test('keys are unlike each other and recognised by their form, and access tokens are not taken for keys', () => {
  const [one, other] = [newApiKey(), newApiKey()];
  expect(one).not.toBe(other);
  expect([isApiKey(one), isApiKey(other)]).toEqual([true, true]);
  expect(['', 'shop_', `${one}x`, one.slice(0, -1), `x${one}`, 'aaa.bbb.ccc', one.replace('shop_', 'SHOP_')].map(isApiKey)).not.toContain(
    true,
  );
});

test('what is shown of a key is its beginning, and what is stored is SHA-256', () => {
  const key = `shop_${'a'.repeat(43)}`;
  expect(apiKeyPrefix(key)).toBe('shop_aaaaaa');
  expect(hashApiKey(key)).toMatch(/^[0-9a-f]{64}$/);
  expect(hashApiKey(key)).not.toBe(hashApiKey(newApiKey()));
});
