import { isRecord } from '@shop/platform/is-record';

/** What a client asks for, in whichever form it came. */
export interface OperationParams {
  /** The text of a document, when it was sent. */
  query: string | null;
  /** The name of a document that is known here, when one was sent. */
  documentId: string | null;
  operationName: string | undefined;
  variables: Record<string, unknown>;
  extensions: Record<string, unknown>;
}

export type RequestForm = { kind: 'operation'; params: OperationParams } | { kind: 'faulty'; message: string };

/** Reads the body of a POST. */
export function formOfBody(text: string): RequestForm {
  const body = parseJson(text);
  if (body === undefined) return faulty('The body is not JSON.');
  if (Array.isArray(body)) return faulty('One request holds one operation; batches are not answered.');
  return formOfPayload(body);
}

/** Reads the payload of a subscribe message, which is as the body of a POST. */
export function formOfPayload(payload: unknown): RequestForm {
  return isRecord(payload) ? formOf(payload) : faulty('A GraphQL request is a JSON object.');
}

/** Reads the URL of a GET; `pathId` is the document's id in its path. */
export function formOfSearch(search: string, pathId: string | null): RequestForm {
  const given = new URLSearchParams(search);
  const [variables, extensions] = ['variables', 'extensions'].map((name) => parseJson(given.get(name) || 'null'));
  const [query, documentId, operationName] = ['query', 'documentId', 'operationName'].map((name) => given.get(name));
  if (variables === undefined || extensions === undefined) return faulty('The variables and extensions of a URL are JSON.');
  return formOf({ query, documentId: documentId ?? pathId, operationName, variables, extensions });
}

function formOf({ query, documentId, operationName, variables, extensions }: Record<string, unknown>): RequestForm {
  if (!isTextOrNothing(query)) return faulty('The query of a request is a string.');
  if (!isTextOrNothing(documentId)) return faulty('The documentId of a request is a string.');
  if (!isTextOrNothing(operationName)) return faulty('The operationName of a request is a string.');
  if (!isRecordOrNothing(variables)) return faulty('The variables of a request are an object.');
  if (!isRecordOrNothing(extensions)) return faulty('The extensions of a request are an object.');
  const params = {
    query: query ?? null,
    documentId: documentId ?? null,
    operationName: operationName || undefined,
    variables: variables ?? {},
    extensions: extensions ?? {},
  };
  return { kind: 'operation', params };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function faulty(message: string): RequestForm {
  return { kind: 'faulty', message };
}

function isTextOrNothing(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string';
}

function isRecordOrNothing(value: unknown): value is Record<string, unknown> | null | undefined {
  return value === undefined || value === null || isRecord(value);
}
