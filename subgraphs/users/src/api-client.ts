import { LockMode } from '@mikro-orm/core';
import { apiClientChanged } from '@shop/events/users';
import { apiKeyPrefix, hashApiKey, newApiKey } from '@shop/platform/api-key';
import type { Transaction } from '@shop/platform/database';
import { isUuid, newId } from '@shop/platform/ids';
import type { RequestContext } from '@shop/platform/request-context';
import type { ValidationError } from '@shop/platform/user-errors';
import { validate } from '@shop/platform/validation';
import { hasScope, type Viewer } from '@shop/platform/viewer';
import { z } from 'zod';
import { ApiClient, PersistedOperationMode } from './api-client.entity.js';
import type { UsersServices } from './context.js';

/** What a partner can be allowed: people's accounts, and other partners, are never its business. */
const PARTNER_SCOPES = [
  'catalog:write',
  'catalog:read-all',
  'orders:read',
  'orders:write',
  'payments:read',
  'payments:write',
  'stock:read',
  'stock:write',
] as const;

/** For how long a key may go on beside the one that takes its place: a week. */
export const MAX_OVERLAP_SECONDS = 7 * 86_400;

const creation = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(PARTNER_SCOPES, { error: `must be one of ${PARTNER_SCOPES.join(', ')}` })).max(PARTNER_SCOPES.length),
  manifest: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower case letters, digits and hyphens')
    .max(60),
  mode: z.enum(PersistedOperationMode),
  requestsPerMinute: z.int().min(1).max(1_000_000),
  costPerMinute: z.int().min(1).max(1_000_000_000),
});

export interface IssuedKey {
  client: ApiClient;
  /** Stored nowhere. */
  apiKey: string;
}

export type Created = { kind: 'created'; issued: IssuedKey } | { kind: 'invalid'; error: ValidationError };

/** Makes a client with the scopes given, none of which its maker may lack. */
export async function createApiClient({ db, clock }: UsersServices, input: unknown, viewer: Viewer): Promise<Created> {
  const checked = validate(creationBy(viewer), input);
  if (checked.kind === 'invalid') return checked;
  const { scopes, ...rest } = checked.value;
  const apiKey = newApiKey();
  const client = await db.transaction(async (tx) => {
    const made = tx.em.create(ApiClient, {
      id: newId(),
      ...rest,
      scopes: [...new Set<string>(scopes)].toSorted(),
      ...keyColumns(apiKey),
      previousKeyHash: null,
      previousKeyUntil: null,
      createdAt: clock.now(),
      revokedAt: null,
    });
    tx.em.persist(made);
    return made;
  });
  return { kind: 'created', issued: { client, apiKey } };
}

function creationBy(viewer: Viewer) {
  return creation.refine(({ scopes }) => scopes.every((scope) => hasScope(viewer, scope)), {
    path: ['scopes'],
    message: 'must be scopes that you hold yourself',
  });
}

export type Rotated = { kind: 'rotated'; issued: IssuedKey } | { kind: 'not-found' } | { kind: 'invalid-overlap' };

/** A new key in place of the newest one, which goes on for `overlapSeconds`; any older one ends now. A revoked client is not found. */
export async function rotateApiClientKey(
  { db, clock }: UsersServices,
  id: string,
  overlapSeconds: number,
  { traceparent }: RequestContext,
): Promise<Rotated> {
  if (overlapSeconds < 0 || overlapSeconds > MAX_OVERLAP_SECONDS) return { kind: 'invalid-overlap' };
  const apiKey = newApiKey();
  return await db.transaction(async (tx): Promise<Rotated> => {
    const client = await lockedClient(tx, id);
    if (!client || client.revokedAt !== null) return { kind: 'not-found' };
    client.previousKeyHash = overlapSeconds > 0 ? client.keyHash : null;
    client.previousKeyUntil = overlapSeconds > 0 ? new Date(clock.now().getTime() + overlapSeconds * 1000) : null;
    Object.assign(client, keyColumns(apiKey));
    tx.emit(apiClientChanged, { aggregateId: id, traceparent }, { clientId: id, isRevoked: false });
    return { kind: 'rotated', issued: { client, apiKey } };
  });
}

/** Ends all keys of a client for good; false when there was nothing to end. */
export async function revokeApiClient({ db, clock }: UsersServices, id: string, { traceparent }: RequestContext): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const client = await lockedClient(tx, id);
    if (!client || client.revokedAt !== null) return false;
    client.revokedAt = clock.now();
    tx.emit(apiClientChanged, { aggregateId: id, traceparent }, { clientId: id, isRevoked: true });
    return true;
  });
}

/** Whose key has this hash, while it is good. */
export async function clientOfKey({ db, clock }: UsersServices, keyHash: string): Promise<ApiClient | null> {
  const em = db.em();
  const newest = await em.findOne(ApiClient, { keyHash, revokedAt: null });
  return newest ?? (await em.findOne(ApiClient, { previousKeyHash: keyHash, previousKeyUntil: { $gt: clock.now() }, revokedAt: null }));
}

async function lockedClient(tx: Transaction, id: string): Promise<ApiClient | null> {
  return isUuid(id) ? await tx.em.findOne(ApiClient, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE }) : null;
}

function keyColumns(apiKey: string): Pick<ApiClient, 'keyHash' | 'keyPrefix'> {
  return { keyHash: hashApiKey(apiKey), keyPrefix: apiKeyPrefix(apiKey) };
}
