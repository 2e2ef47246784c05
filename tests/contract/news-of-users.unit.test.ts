import { apiClientChanged, sessionRevoked } from '@shop/events/users';
import { newsOfUsers } from '@shop/gateway';
import { expect, it } from 'vitest';

it.each([
  [newsOfUsers.sessionRevoked, sessionRevoked, { sessionId: 's-1', userId: 'u-1', reason: 'SIGNED_OUT' }],
  [newsOfUsers.apiClientChanged, apiClientChanged, { clientId: 'c-1', isRevoked: true }],
])('the gateway, which may not know the contracts of events, reads $type as its owner writes it', (read, written, example) => {
  expect(read.type).toBe(written.type);
  const data = written.data.parse(example);
  expect(data).toMatchObject(read.data.parse(data));
});
