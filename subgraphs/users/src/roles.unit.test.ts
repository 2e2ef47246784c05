import { describe, expect, test } from 'vitest';
import { SCOPES_OF_ROLE, scopesOf } from './roles.js';

describe('scopesOf', () => {
  test('a customer needs no scope', () => expect(scopesOf(['customer'])).toEqual([]));

  test('two roles give the scopes of both, each once', () =>
    expect(scopesOf(['staff-catalog', 'staff-stock', 'staff-stock'])).toEqual([
      'catalog:read-all',
      'catalog:write',
      'stock:read',
      'stock:write',
    ]));

  test('an administrator holds every scope that any role gives', () =>
    expect(scopesOf(['admin'])).toEqual(expect.arrayContaining(scopesOf(Object.keys(SCOPES_OF_ROLE)))));

  test('staff for orders see customers but do not change them', () => {
    expect(scopesOf(['staff-orders'])).toContain('users:read');
    expect(scopesOf(['staff-orders'])).not.toContain('users:write');
  });

  test('an unknown role gives nothing, whatever objects inherit', () => expect(scopesOf(['owner', 'constructor', 'toString'])).toEqual([]));
});
