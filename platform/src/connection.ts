import type { z } from 'zod';
import { badUserInput } from './graphql-errors.js';

/** `first` and `after` of a Relay connection, checked: 1 to 100 entries. */
export interface PageRequest<K extends unknown[]> {
  first: number;
  /** The key of the last entry that the client has seen. */
  after: K | null;
}

/**
 * Checks the arguments of a connection. `key` is the tuple that the list is sorted by, e.g. `z.tuple([z.coerce.date(), z.string()])`.
 * Throws BAD_USER_INPUT for `first` outside 1 to 100 or a cursor that is not of this list.
 */
export function pageRequest<K extends unknown[]>(
  key: z.ZodType<K>,
  first: number | null | undefined,
  after: string | null | undefined,
): PageRequest<K> {
  const size = first ?? 20;
  if (size < 1 || size > 100) throw badUserInput('first must be between 1 and 100.');
  return { first: size, after: after == null ? null : decodeCursor(key, after) };
}

/** A cursor of a row, by the tuple that its list is sorted by; `pageRequest` reads it. Opaque to clients, not secret. */
export function encodeCursor(key: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

export interface Page<T> {
  edges: { cursor: string; node: T }[];
  nodes: T[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

/** Makes the page from rows that were read with a limit of `first + 1`. `keyOf` gives the tuple that the list is sorted by. */
export function toPage<T>(rows: readonly T[], { first, after }: PageRequest<unknown[]>, keyOf: (row: T) => readonly unknown[]): Page<T> {
  const nodes = rows.slice(0, first);
  const edges = nodes.map((node) => ({ cursor: encodeCursor(keyOf(node)), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function decodeCursor<K extends unknown[]>(key: z.ZodType<K>, cursor: string): K {
  try {
    return key.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw badUserInput('after is not a cursor of this list.');
  }
}
