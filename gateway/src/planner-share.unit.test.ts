import { expect, test } from 'vitest';
import { anonymous } from '@shop/platform/viewer';
import { plannerShare } from './planner-share.js';

test('who has signed in has a share alone, and guests of one network have one together', () => {
  const ofUser = (userId: string, clientAddress: string) =>
    plannerShare({ viewer: { kind: 'user', userId, sessionId: 's', roles: [], scopes: [] }, clientAddress });
  const ofGuest = (clientAddress: string) => plannerShare({ viewer: anonymous, clientAddress });
  expect(ofUser('a', '192.0.2.1')).toBe(ofUser('a', '192.0.2.2'));
  expect(ofUser('a', '192.0.2.1')).not.toBe(ofUser('b', '192.0.2.1'));
  expect(ofGuest('192.0.2.1')).not.toBe(ofGuest('192.0.2.2'));
  expect(ofGuest('2001:db8:0:1::1')).toBe(ofGuest('2001:db8:0:1:ffff::2'));
});
