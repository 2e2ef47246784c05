import { z } from 'zod';
import { event } from './envelope.js';

export const userRegistered = event(
  'users.user-registered.v1',
  'user',
  'A person has an account now.',
  z.object({ userId: z.string(), email: z.string(), displayName: z.string(), locale: z.string() }),
);

export const sessionRevoked = event(
  'users.session-revoked.v1',
  'user',
  'A session ended before its time: signed out, revoked, or its refresh token was used twice. Its access tokens are no longer good.',
  z.object({ userId: z.string(), sessionId: z.string() }),
);

export const userErased = event(
  'users.user-erased.v1',
  'user',
  'Everything personal about this person must go.',
  z.object({ userId: z.string() }),
);

export const apiClientChanged = event(
  'users.api-client-changed.v1',
  'api-client',
  'A key of this partner was replaced, or all of them were revoked: what is remembered of its keys is no longer good.',
  z.object({ clientId: z.string(), isRevoked: z.boolean() }),
);
