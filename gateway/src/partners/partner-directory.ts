import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { inProcessCache } from '@shop/platform/cache';
import type { EnvelopeClaims } from '@shop/platform/envelope';
import { serviceUnavailable } from '@shop/platform/graphql-errors';
import { newId } from '@shop/platform/ids';
import type { SubgraphTransport } from '@shop/platform/subgraph-transport';
import { partnerModes } from './partner-terms.js';

/** An API client as users knows it. */
const partnerSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    manifest: z.string(),
    mode: z.enum(partnerModes),
    requestsPerMinute: z.number(),
    costPerMinute: z.number(),
  })
  .transform(({ id, ...rest }) => ({ clientId: id, ...rest }));

export type Partner = z.output<typeof partnerSchema>;

export interface PartnerDirectory {
  /** Whose key has this hash; null when it is no good. Throws SERVICE_UNAVAILABLE when nobody can tell. */
  holderOf(keyHash: string): Promise<Partner | null>;
  /** By its id, as it was when one of its keys was last looked up. */
  partner(clientId: string): Partner | null;
  /** From now on nothing that was remembered of this client's keys counts. */
  forget(clientId: string): void;
}

/** A revoked key has to stop within 5 seconds even when nobody tells us: sockets are looked at again as often as this, too. */
export const REMEMBERED_MS = 2_000;

/** While users is away nobody can revoke a key there, so partners go on for a while. */
const WITHOUT_USERS_MS = 60_000;

const LOOKUP_TIMEOUT_MS = 2_000;

const lookup =
  'query ($keyHash: String!) { apiClientOfKey(keyHash: $keyHash) { id name scopes manifest mode requestsPerMinute costPerMinute } }';

const answerSchema = z.object({ data: z.object({ apiClientOfKey: partnerSchema.nullable() }) });

/** Asks users, and remembers the answer for about 2 seconds. */
export function partnerDirectory(users: Pick<SubgraphTransport, 'execute'>): PartnerDirectory {
  const current = inProcessCache(10_000);
  const last = new LRUCache<string, Partner>({ max: 10_000, ttl: WITHOUT_USERS_MS });
  const byId = new LRUCache<string, Partner>({ max: 10_000 });
  let changes = 0;
  const ask = async (keyHash: string): Promise<{ partner: Partner | null }> => {
    const body = { query: lookup, variables: { keyHash } };
    const answer = answerSchema.safeParse(await users.execute(body, ourClaims(), AbortSignal.timeout(LOOKUP_TIMEOUT_MS)));
    if (!answer.success) throw serviceUnavailable('The directory of partners');
    return { partner: answer.data.data.apiClientOfKey };
  };
  return {
    holderOf: async (keyHash) => {
      const before = changes;
      try {
        const { partner } = await current.fetch(keyHash, REMEMBERED_MS, () => ask(keyHash));
        if (partner) byId.set(partner.clientId, partner);
        if (partner && before === changes) last.set(keyHash, partner);
        else last.delete(keyHash);
        return partner;
      } catch {
        const partner = last.get(keyHash);
        if (partner) return partner;
        throw serviceUnavailable('The directory of partners');
      }
    },
    partner: (clientId) => byId.get(clientId) ?? null,
    forget: (clientId) => {
      changes++;
      // Changes are rare, and what was forgotten for nothing is read again.
      void current.invalidate('');
      for (const [keyHash, partner] of last.entries()) if (partner.clientId === clientId) last.delete(keyHash);
    },
  };
}

function ourClaims(): EnvelopeClaims {
  return {
    viewer: { kind: 'service', name: 'gateway', scopes: ['api-keys:verify'] },
    locale: 'en',
    clientAddress: '127.0.0.1',
    requestId: newId(),
    traceparent: null,
    deadlineAtMs: Date.now() + LOOKUP_TIMEOUT_MS,
  };
}
