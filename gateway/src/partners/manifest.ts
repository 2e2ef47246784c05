import { createHash } from 'node:crypto';
import { GraphQLError, stripIgnoredCharacters } from 'graphql';
import { z } from 'zod';

/** One operation that somebody registered. */
export interface PersistedOperation {
  /** SHA-256 of the body, in hexadecimal. */
  id: string;
  body: string;
  /** What the manifest says of it; null where its format says nothing. */
  name: string | null;
  type: 'query' | 'mutation' | 'subscription' | null;
}

export interface Manifest {
  byId: ReadonlyMap<string, PersistedOperation>;
  /** By what `normalised` makes of the body. */
  byText: ReadonlyMap<string, PersistedOperation>;
}

export type ReadManifest = { kind: 'read'; manifest: Manifest } | { kind: 'faulty'; faults: readonly string[] };

export const MANIFEST_FORMAT = 'apollo-persisted-query-manifest';

const apolloSchema = z.object({
  format: z.literal(MANIFEST_FORMAT),
  version: z.literal(1),
  operations: z.array(
    z.object({ id: z.string(), name: z.string(), type: z.enum(['query', 'mutation', 'subscription']), body: z.string().min(1) }),
  ),
});

const relaySchema = z.record(z.string().regex(/^[0-9a-f]+$/i), z.string().min(1));

/** Apollo's format, version 1, or Relay's `{ "<hash>": "<text>" }`. Faults name the file and the place. */
export function readManifest(file: string, text: string): ReadManifest {
  const parsed = parseJson(text);
  if (parsed === undefined) return faulty([`${file}: not JSON`]);
  const apollo = apolloSchema.safeParse(parsed);
  if (apollo.success) {
    const { operations } = apollo.data;
    return manifestOf(operations.map((operation, index) => ({ ...operation, place: `${file}: operations[${index}] ${operation.name}` })));
  }
  const relay = relaySchema.safeParse(parsed);
  if (relay.success)
    return manifestOf(Object.entries(relay.data).map(([id, body]) => ({ id, body, name: null, type: null, place: `${file}: ${id}` })));
  return faulty(formFaults(file, parsed, apollo.error));
}

/** An operation's text without what means nothing: white space, commas, comments. Null when it is not GraphQL. */
export function normalised(body: string): string | null {
  try {
    return stripIgnoredCharacters(body);
  } catch (error) {
    if (error instanceof GraphQLError) return null;
    throw error;
  }
}

export function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

function manifestOf(operations: readonly (PersistedOperation & { place: string })[]): ReadManifest {
  const byId = new Map<string, PersistedOperation>();
  const byText = new Map<string, PersistedOperation>();
  const faults = operations.flatMap(({ place, id: given, ...rest }) => {
    const operation = { ...rest, id: given.toLowerCase() };
    const text = normalised(operation.body);
    if (byId.has(operation.id) && byId.get(operation.id)?.body !== operation.body) return [`${place}: the id has another body already`];
    if (operation.id !== hashOf(operation.body))
      return [`${place}: the id is not the SHA-256 of the body, which is ${hashOf(operation.body)}`];
    if (text === null) return [`${place}: the body is not GraphQL`];
    byId.set(operation.id, operation);
    byText.set(text, operation);
    return [];
  });
  return faults.length > 0 ? faulty(faults) : { kind: 'read', manifest: { byId, byText } };
}

/** Several manifests as one. */
export function merged(manifests: readonly Manifest[]): Manifest {
  return {
    byId: new Map(manifests.flatMap(({ byId }) => [...byId])),
    byText: new Map(manifests.flatMap(({ byText }) => [...byText])),
  };
}

/** As Apollo's tools write it, in the order of names and ids. */
export function printManifest(operations: readonly (PersistedOperation & { name: string })[]): string {
  const key = ({ name, id }: { name: string; id: string }) => `${name} ${id}`;
  const sorted = operations.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)).map(({ id, name, type, body }) => ({ id, name, type, body }));
  return `${JSON.stringify({ format: MANIFEST_FORMAT, version: 1, operations: sorted }, null, 2)}\n`;
}

/** A format that says what it is gets the faults of that one. */
function formFaults(file: string, parsed: unknown, { issues }: z.ZodError): string[] {
  const format = typeof parsed === 'object' && parsed !== null && 'format' in parsed ? parsed.format : undefined;
  if (format === undefined) return [`${file}: neither of the format ${MANIFEST_FORMAT} nor a map from hashes to texts`];
  if (format !== MANIFEST_FORMAT) return [`${file}: the format ${JSON.stringify(format)} is not known, only ${MANIFEST_FORMAT}`];
  return issues.map(({ path, message }) => `${file}: ${pathOf(path)}: ${message}`);
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function faulty(faults: readonly string[]): ReadManifest {
  return { kind: 'faulty', faults };
}
