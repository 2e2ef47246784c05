import { expect, test } from 'vitest';
import { createLogger } from '@shop/platform/logger';
import type { Credential } from '../identity.js';
import type { PartnerDirectory } from './partner-directory.js';
import { watchKeys } from './watch-keys.js';

const partner = { clientId: 'c', name: 'P', scopes: [], manifest: 'p', mode: 'ID_ONLY' as const, requestsPerMinute: 1, costPerMinute: 1 };

test('only what was opened with a key that is no good any more is ended, and what nobody can tell of goes on', async () => {
  const open: Credential[] = ['good', 'gone', 'gone', 'unknown'].map((keyHash) => ({
    viewer: { kind: 'partner', clientId: 'c', scopes: [] },
    expiresAtMs: null,
    keyHash,
  }));
  open.push({ viewer: { kind: 'anonymous' }, expiresAtMs: null });
  const ended: (string | undefined)[] = [];
  const directory: PartnerDirectory = {
    holderOf: async (keyHash) => {
      if (keyHash === 'unknown') throw new Error('away');
      return keyHash === 'good' ? partner : null;
    },
    partner: () => null,
    forget: () => undefined,
  };
  const streams = {
    endStreams: (isEnded: (credential: Credential) => boolean) => void ended.push(...open.filter(isEnded).map(({ keyHash }) => keyHash)),
  };
  await using watching = watchKeys(directory, streams, createLogger('test', 'silent'));
  await watching.drain();
  expect(ended).toEqual(['gone', 'gone']);
});
