import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Viewer } from '@shop/platform/viewer';
import { introspectionGuard, readIntrospectionAccess } from './introspection-access.js';

const holder: Viewer = { kind: 'partner', clientId: 'p', scopes: ['schema:read'] };
const other: Viewer = { kind: 'user', userId: 'u', sessionId: 's', roles: [], scopes: [] };

describe('the schema for holders of a scope', () => {
  const guard = introspectionGuard({ scope: 'schema:read' });

  it.each([
    '{ __schema { types { name } } }',
    '{ a: __type(name: "Q") { name } }',
    '{ ... { ...f } } fragment f on Query { ... on Query { __schema { queryType { name } } } }',
    'mutation { __schema { types { name } } }',
  ])('%s', (text) => {
    expect(guard(parse(text), holder)).toBeNull();
    expect(guard(parse(text), other)?.extensions['code']).toBe('FORBIDDEN');
    expect(guard(parse(text), { kind: 'anonymous' })?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  it('leaves everything else to everybody, __typename too', () => {
    expect(guard(parse('{ __typename a { __typename } }'), { kind: 'anonymous' })).toBeNull();
  });
});

describe('the setting', () => {
  it.each([
    ['true', 'everyone'],
    ['false', 'off'],
    ['scope:schema:read', { scope: 'schema:read' }],
    ['yes', null],
    ['scope:', null],
  ])('%s', (text, access) => expect(readIntrospectionAccess(text)).toEqual(access));
});
