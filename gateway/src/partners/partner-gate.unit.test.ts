import { describe, expect, it } from 'vitest';
import { manualClock } from '@shop/platform/clock';
import { createLogger } from '@shop/platform/logger';
import { inProcessRateLimiter } from '@shop/platform/rate-limit';
import { clientRequest } from '../../tests/client-request.js';
import { hashOf, readManifest, type Manifest } from './manifest.js';
import { partnerBudget } from './partner-budget.js';
import type { Partner } from './partner-directory.js';
import { partnerGate } from './partner-gate.js';
import type { PartnerMode, PartnerTerms } from './partner-terms.js';

const logger = createLogger('test', 'silent');
const theirs = 'query Theirs { products { nodes { id } } }';
const ours = 'query Ours { categories { slug } }';
const terms: PartnerTerms = { name: 'P', scopes: [], costCeiling: 50, requestsPerMinute: 1, costPerMinute: 1, mode: 'ID_ONLY' };

function manifestOf(body: string): Manifest {
  const read = readManifest('f', JSON.stringify({ [hashOf(body)]: body }));
  if (read.kind === 'faulty') throw new Error(read.faults.join());
  return read.manifest;
}

function gateFor(mode: PartnerMode) {
  const partner: Partner = { clientId: 'c', name: 'P', scopes: [], manifest: 'p', mode, requestsPerMinute: 5, costPerMinute: 100 };
  const lists = { partners: new Map([['p', { terms, manifest: manifestOf(theirs) }]]), clients: new Map([['web', manifestOf(ours)]]) };
  return partnerGate({
    lists: () => lists,
    directory: { partner: (clientId) => (clientId === 'c' ? partner : null) },
    budget: partnerBudget(inProcessRateLimiter(manualClock(new Date('2026-03-01'))), logger),
    logger,
  });
}

const partner = clientRequest({ viewer: { kind: 'partner', clientId: 'c', scopes: [] } });
const guest = clientRequest();
const asked = (sent: { query?: string; documentId?: string }) => ({
  query: null,
  documentId: null,
  operationName: undefined,
  variables: {},
  extensions: {},
  ...sent,
});

describe('the gate of partners', () => {
  it('knows each client’s own list', async () => {
    const { resolveDocument } = gateFor('ID_ONLY');
    expect(await resolveDocument(asked({ documentId: hashOf(theirs) }), partner)).toMatchObject({ kind: 'text', isRegistered: true });
    expect(await resolveDocument(asked({ documentId: hashOf(ours) }), partner)).toMatchObject({ kind: 'refused' });
    expect(await resolveDocument(asked({ documentId: hashOf(ours) }), guest)).toMatchObject({ kind: 'text', isRegistered: true });
    expect(await resolveDocument(asked({ documentId: hashOf(theirs) }), guest)).toMatchObject({ kind: 'refused' });
  });

  it('counts how documents were found, so that a mode can be tightened without a guess', async () => {
    const { resolveDocument, counts } = gateFor('LOG_UNKNOWN');
    for (const sent of [
      { documentId: hashOf(theirs) },
      { query: theirs },
      { query: ours },
      { query: ours },
      { documentId: 'x' },
      { query: ours },
    ])
      await resolveDocument(asked(sent), partner);
    expect(Object.fromEntries(counts().map(({ outcome, count }) => [outcome, count]))).toEqual({
      id: 1,
      'listed-text': 1,
      'unlisted-text': 2,
      PERSISTED_QUERY_NOT_IN_LIST: 1,
      RATE_LIMITED: 1,
    });
  });

  it('lets only partners pay, and a registered operation no more than was agreed', async () => {
    const { afford } = gateFor('OFF');
    expect(afford(guest, () => 1_000, true)).toBeNull();
    expect(await afford(partner, () => 50, true)).toMatchObject({ kind: 'ok' });
    expect(await afford(partner, () => 51, true)).toMatchObject({ error: { extensions: { code: 'COST_ESTIMATED_TOO_EXPENSIVE' } } });
    expect(await afford(partner, () => 51, false)).toMatchObject({ error: { extensions: { code: 'RATE_LIMITED' } } });
  });

  it('does not guess at the terms of a partner that nobody remembers', async () => {
    const { resolveDocument, afford } = gateFor('OFF');
    const forgotten = clientRequest({ viewer: { kind: 'partner', clientId: 'other', scopes: [] } });
    expect(await resolveDocument(asked({ query: ours }), forgotten)).toMatchObject({
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    });
    expect(await afford(forgotten, () => 1, false)).toMatchObject({ error: { extensions: { code: 'SERVICE_UNAVAILABLE' } } });
  });
});
