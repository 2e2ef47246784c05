import type { IncomingMessage } from 'node:http';
import { faultAnswer, type Answer } from './http/answer.js';
import type { Acceptance } from './http/media-type.js';
import { readBody } from './http/request-body.js';
import { formOfBody, formOfSearch, type RequestForm } from './http/request-form.js';
import type { LimitWatch } from './limits/limit-watch.js';
import { boundOf, excessOf, type Limits } from './limits/limits.js';

export const GRAPHQL_ROUTE = '/graphql';

/** Even where a size is only measured, nobody fills our memory. */
const MAX_REQUEST_BYTES = 16_000_000;

interface SizeRules {
  limits: Limits;
  watch: LimitWatch;
}

/** Where under `/graphql` a request goes. */
export interface Target {
  search: string;
  /** Of `/graphql/d/<id>`. */
  documentId: string | null;
}

/** Null when it is not for `/graphql`. */
export function targetOf(url: string): Target | null {
  if (!url.startsWith(GRAPHQL_ROUTE)) return null;
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  const search = at < 0 ? '' : url.slice(at + 1);
  if (path === GRAPHQL_ROUTE) return { search, documentId: null };
  const documentId = /^\/graphql\/d\/([\w:.~-]+)$/.exec(path)?.[1];
  return documentId === undefined ? null : { search, documentId };
}

/** What is asked, or the answer to a request that asks nothing that can be read. */
export type HttpForm = Extract<RequestForm, { kind: 'operation' }> | { kind: 'answer'; answer: Answer };

/** Reads the operation of a request. Bodies are JSON in UTF-8 only; what a page of another site can send is refused. */
export async function httpForm(request: IncomingMessage, acceptance: Acceptance, target: Target, options: SizeRules): Promise<HttpForm> {
  if (request.method !== 'POST' && request.method !== 'GET') return fault(405, 'Operations come by GET or POST.', { allow: 'GET, POST' });
  if (!acceptance.single && !acceptance.stream) return fault(406, 'Answers are application/graphql-response+json or application/json.');
  if (request.method === 'GET') {
    const form = formOfSearch(target.search, target.documentId);
    if (!isRegisteredAlone(target, form) && isFromAnyPage(request))
      return fault(400, 'A GET of GraphQL names its operation in the header x-apollo-operation-name, or says apollo-require-preflight.');
    return ofForm(form);
  }
  const body = await readBody(request, boundOf(options.limits.requestBytes, MAX_REQUEST_BYTES));
  switch (body.kind) {
    case 'read':
      measureRequest(body.text, options);
      return ofForm(formOfBody(body.text));
    case 'too-large':
      return tooLarge(request, options);
    case 'wrong-type':
      return fault(415, body.message);
    case 'left':
      return fault(400, 'The request has no end.');
    default:
      throw new Error(`Unknown body ${String(body satisfies never)}`);
  }
}

/** An id in the path and no text: it was registered, only reads, and is for caches. */
function isRegisteredAlone({ documentId }: Target, form: RequestForm): boolean {
  return documentId !== null && form.kind === 'operation' && form.params.query === null;
}

/** Whether a page of any site could have sent this without being asked first. */
function isFromAnyPage({ headers }: IncomingMessage): boolean {
  return !headers['x-apollo-operation-name'] && !headers['apollo-require-preflight'];
}

function ofForm(form: RequestForm): HttpForm {
  return form.kind === 'operation' ? form : fault(400, form.message);
}

function fault(status: number, message: string, headers: Readonly<Record<string, string>> = {}): HttpForm {
  return { kind: 'answer', answer: faultAnswer(status, 'BAD_REQUEST', message, headers) };
}

/** The rest of the body is not waited for: the connection ends with the answer. */
function tooLarge(request: IncomingMessage, { limits: { requestBytes }, watch }: SizeRules): HttpForm {
  request.resume();
  watch.refuses({ limit: 'requestBytes', measured: requestBytes.max + 1, max: requestBytes.max });
  return { kind: 'answer', answer: faultAnswer(413, 'REQUEST_TOO_LARGE', 'The request is too large.', { connection: 'close' }) };
}

/** Where the size of a request is only measured. */
function measureRequest(text: string, { limits, watch }: SizeRules): void {
  if (limits.requestBytes.mode !== 'measure') return;
  for (const excess of excessOf('requestBytes', limits.requestBytes, () => Buffer.byteLength(text))) watch.refuses(excess);
}
