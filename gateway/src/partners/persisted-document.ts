import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { hashOf, normalised, type Manifest } from './manifest.js';
import type { PartnerMode } from './partner-terms.js';

/** What of a request says which document is meant. */
export interface NamedDocument {
  query: string | null;
  documentId: string | null;
  extensions: Readonly<Record<string, unknown>>;
}

/** Whose lists count: `mode` is null for the shop's own clients, who may send any text. */
export interface ListRules {
  manifest: Manifest;
  mode: PartnerMode | null;
}

/** A registered document, by its id or its text; or one of no list, where that is worth a note, and where nobody looked. */
export type FoundAs = 'id' | 'listed-text' | 'unlisted-text' | 'free-text';

export type FoundDocument = { kind: 'found'; text: string; as: FoundAs } | { kind: 'refused'; error: GraphQLError };

/**
 * The document that a request means: by its id, as `documentId` or as the hash of a persisted query, or by its text. Nothing is ever
 * registered by a request.
 */
export function findDocument({ query, ...rest }: NamedDocument, rules: ListRules): FoundDocument {
  // Clients of sockets cannot leave the text out: they send an empty one beside the id.
  const named = { ...rest, query: query === '' ? null : query };
  const given = idOf(named);
  if (given.kind === 'refused') return given;
  if (given.id === null) return byText(named.query, rules);
  const registered = rules.manifest.byId.get(given.id);
  if (named.query !== null && (registered ? named.query !== registered.body : hashOf(named.query) !== given.id))
    return refused('CANNOT_SEND_PQ_ID_AND_BODY', 'The id is that of another document than the one that was sent.');
  if (registered) return { kind: 'found', text: registered.body, as: 'id' };
  if (rules.mode === null && named.query === null) return refused('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
  if (named.query !== null && takesAnyText(rules.mode)) return byText(named.query, rules);
  return refused('PERSISTED_QUERY_NOT_IN_LIST', 'No operation with this id is registered for you.');
}

function byText(query: string | null, { manifest, mode }: ListRules): FoundDocument {
  if (mode === 'ID_ONLY') return refused('PERSISTED_QUERY_ID_REQUIRED', 'Send the id of one of your registered operations.');
  if (query === null) return refused('BAD_REQUEST', 'A GraphQL request holds a query, or the id of one.');
  if (mode === null || mode === 'OFF') return { kind: 'found', text: query, as: 'free-text' };
  const registered = manifest.byText.get(rememberedText(query) ?? '');
  if (registered) return { kind: 'found', text: registered.body, as: 'listed-text' };
  if (mode === 'LOG_UNKNOWN') return { kind: 'found', text: query, as: 'unlisted-text' };
  return refused('QUERY_NOT_IN_SAFELIST', 'This operation is not registered for you.');
}

function takesAnyText(mode: PartnerMode | null): boolean {
  return mode === null || mode === 'OFF' || mode === 'LOG_UNKNOWN';
}

type GivenId = { kind: 'given'; id: string | null } | Extract<FoundDocument, { kind: 'refused' }>;

function idOf({ documentId, extensions: { persistedQuery } }: NamedDocument): GivenId {
  if (documentId !== null) return given(documentId);
  if (persistedQuery === undefined || persistedQuery === null) return { kind: 'given', id: null };
  const isRecord = typeof persistedQuery === 'object';
  if (isRecord && 'version' in persistedQuery && persistedQuery.version !== 1)
    return refused('PERSISTED_QUERY_NOT_SUPPORTED', 'Only version 1 of persisted queries is known.');
  if (isRecord && 'sha256Hash' in persistedQuery && typeof persistedQuery.sha256Hash === 'string') return given(persistedQuery.sha256Hash);
  return refused('BAD_REQUEST', 'A persisted query has a sha256Hash.');
}

function given(id: string): GivenId {
  return { kind: 'given', id: id.replace(/^sha256:/i, '').toLowerCase() };
}

function refused(code: string, message: string): Extract<FoundDocument, { kind: 'refused' }> {
  return { kind: 'refused', error: new GraphQLError(message, { extensions: { code, http: { status: 400 } } }) };
}

/** A client sends the same few texts over and over. */
const known = new LRUCache<string, { text: string | null }>({ max: 1_000 });

function rememberedText(query: string): string | null {
  const remembered = known.get(query) ?? { text: normalised(query) };
  known.set(query, remembered);
  return remembered.text;
}
